import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { babble, writeSound } from '../../helpers/audio-files.ts';
import { asking, final } from '../../helpers/scenarios.ts';
import { runCli } from './run-cli.ts';

/** Many processes one after the other, on a machine that may be busy. */
const TIMEOUT_MS = 120_000;

let folder: string;
let env: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-cli-audio-'));
  env = {
    SCENARIOS_DIR: path.join(folder, 'scenarios'),
    AUDIO_DIR: path.join(folder, 'audio'),
    FREESWITCH_SOUNDS_DIR: path.join(folder, 'sounds'),
    // The ffmpeg that comes with us, as on a clean machine.
    PATH: path.join(folder, 'bin'),
  };
  await mkdir(path.join(folder, 'audio/demo/base'), { recursive: true });
  await mkdir(path.join(folder, 'scenarios'));
  const steps = { hello: asking({ '*': 'bye' }), bye: final('success') };
  await writeFile(path.join(folder, 'scenarios/mine.json'), JSON.stringify({ name: 'Mine', steps }));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it(
  'prepares a voice, reports each file and names what the scenario still lacks',
  async () => {
    await writeSound(path.join(folder, 'audio/demo/base/ask.mp3'), babble(2, 0.1));
    await writeFile(path.join(folder, 'audio/demo/base/torn.wav'), 'RIFF');

    const first = await runCli(['setup-audio', 'demo', '--volume-adjust', '-1'], { cwd: folder, env });
    expect(first.status).toBe(1);
    expect(first.stdout).toMatch(
      /✅ ask\.mp3 \(2\.\ds\) → Peak: -\d+\.\d dB, RMS: -(18\.[89]|19\.[01]) dB\n/,
    );
    expect(first.stdout).toContain('❌ torn.wav: cannot be read as audio');
    expect(first.stderr).toMatch(
      /^warning: scenario mine: \d+ of \d+ recordings are missing: demo\/base\/bye\.wav/m,
    );

    await rm(path.join(folder, 'audio/demo/base/torn.wav'));
    const again = await runCli(['setup-audio', 'demo', '--volume-adjust=-1', '--json'], { cwd: folder, env });
    expect(again.status).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({
      voice: 'demo',
      files: [{ name: 'base/ask.mp3', audioPath: 'demo/base/ask.wav', status: 'unchanged' }],
      scenarios: [{ scenario: 'mine' }],
    });
  },
  TIMEOUT_MS,
);

it(
  'says what to do where the voice is not there',
  async () => {
    const run = await runCli(['setup-audio', 'dmeo'], { cwd: folder, env: { ...env, LANG: 'fr_FR.UTF-8' } });
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^erreur : voice .+dmeo does not exist; there are: demo$/m);
  },
  TIMEOUT_MS,
);

it(
  'drafts what nobody recorded, and says so where nothing can speak',
  async () => {
    const mute = await runCli(['draft-voice', 'demo', '--scenario', 'mine'], { cwd: folder, env });
    expect(mute.status).toBe(1);
    expect(mute.stderr).toContain('espeak-ng was not found on PATH: install it');
    const other = await runCli(['draft-voice', 'julie', '--scenario', 'mine'], { cwd: folder, env });
    expect(other.stderr).toContain('plays nothing of voice julie: it speaks with demo');

    // In the place of espeak-ng: a program that takes the same arguments.
    const speaker = path.join(folder, 'bin/espeak-ng');
    await mkdir(path.dirname(speaker));
    await writeSound(path.join(folder, 'spoken.wav'), babble(1, 0.1));
    await writeFile(speaker, `#!/bin/sh\nfor last; do :; done\n/bin/cp ${folder}/spoken.wav "$last"\n`, {
      mode: 0o755,
    });
    const drafted = await runCli(['draft-voice', 'demo', '--scenario', 'mine', '--json'], {
      cwd: folder,
      env,
    });
    expect(drafted.status).toBe(0);
    const { files } = JSON.parse(drafted.stdout) as { files: { audioPath: string; status: string }[] };
    expect(files).toContainEqual({ audioPath: 'demo/base/ask.wav', text: 'Oui ?', status: 'drafted' });

    const set = await runCli(['setup-audio', 'demo'], { cwd: folder, env });
    expect(set).toMatchObject({ status: 0, stderr: '' });
    expect(set.stdout).toMatch(/✅ ask\.wav .+ \(draft\)\n/);
    expect(set.stdout).toContain('✅ Scenario mine: every recording is there');
  },
  TIMEOUT_MS,
);
