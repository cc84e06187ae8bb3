import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { asking, final } from '../../helpers/scenarios.ts';
import { runCli } from './run-cli.ts';

/** Many processes one after the other, on a machine that may be busy. */
const TIMEOUT_MS = 120_000;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it(
  'finds the shipped scenarios usable, recordings included',
  async () => {
    const checked = await runCli(['scenario', 'validate', '--json'], { cwd: folder });
    expect(checked).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(checked.stdout)).toMatchObject([
      { id: 'production', valid: true },
      { id: 'test', valid: true },
      { id: 'vente_or_investissement', valid: true },
    ]);
  },
  TIMEOUT_MS,
);

it(
  'names step, field and recording at fault',
  async () => {
    const scenarios = path.join(folder, 'scenarios');
    await mkdir(scenarios);
    const steps = { hello: asking({ affirm: 'nowhere', '*': 'bye' }), bye: final('success') };
    await writeFile(path.join(scenarios, 'mine.json'), JSON.stringify({ name: 'Mine', steps }));
    await writeFile(path.join(scenarios, 'torn.json'), '{"name": ');
    const env = { SCENARIOS_DIR: scenarios };

    const [checked, listed] = await Promise.all([
      runCli(['scenario', 'validate'], { cwd: folder, env }),
      runCli(['scenario', 'list'], { cwd: folder, env }),
    ]);
    expect(checked.status).toBe(1);
    expect(checked.stdout).toContain('✘ mine: cannot be used\n');
    expect(checked.stdout).toContain('error  step "hello", field "transitions.affirm": leads to "nowhere"');
    expect(checked.stdout).toContain('the recording demo/base/ask.wav does not exist');
    expect(checked.stdout).toMatch(/✘ torn: cannot be used\n +error .+ is no valid JSON/);
    expect(listed.status).toBe(0);
    expect(listed.stdout).toMatch(/^mine .+ broken: see minibot scenario validate$/m);
  },
  TIMEOUT_MS,
);
