import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'doctor-cli-'));
});
afterAll(() => rm(cwd, { recursive: true }));

it('tells a program what it found by names, and by its exit status that it only warns', async () => {
  const run = await runCli(['doctor', 'scenarios', 'configuration', '--json'], {
    cwd,
    env: { MINIBOT_LANG: 'fr' },
  });
  expect(run.status).toBe(3);
  expect(JSON.parse(run.stdout)).toMatchObject({
    level: 'warning',
    components: [
      {
        component: 'configuration',
        findings: [
          { code: 'configuration_read' },
          { code: 'caller_id_none', mend: expect.stringMatching(/^renseignez CALLER_ID/) as string },
        ],
      },
      { component: 'scenarios', level: 'ok', findings: [{ code: 'scenarios_usable', mend: null }] },
    ],
  });
});

it('fails with what to mend, and knows a mistake in the command line', async () => {
  const failing = await runCli(['doctor', 'audio', 'vosk'], { cwd, env: { SCENARIOS_DIR: cwd } });
  expect(failing.status).toBe(1);
  expect(failing.stdout).toMatch(/✘ Vosk .*there is no speech model at/);
  expect(failing.stdout).toMatch(/→ set VOSK_MODEL_PATH/);
  expect(failing.stdout).toContain('1 failed');
  const mistaken = await runCli(['doctor', 'fosk'], { cwd });
  expect(mistaken.status).toBe(2);
  expect(mistaken.stderr).toContain('vosk');
});
