import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeSound } from '../../helpers/audio-files.ts';
import { runCli } from './run-cli.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
/** "oui mardi à quatorze heures ça me va", a synthetic voice. */
const CLIP = path.join(ROOT, 'simulator/audio/oui-mardi-quatorze-heures-f5.wav');
const MODEL = path.join(ROOT, 'models/vosk-demo-fr/model');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-hearing-'));
  await copyFile(CLIP, path.join(folder, 'answer.wav'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function cli(args: string[], env: Record<string, string> = {}) {
  return runCli(['debug', ...args], {
    cwd: folder,
    env: {
      VOSK_MODEL_PATH: MODEL,
      ...(process.env['PATH'] !== undefined && { PATH: process.env['PATH'] }),
      ...env,
    },
  });
}

it('debug vad shows speech and turns, and the rule that ended each', async () => {
  const closed = await cli(['vad', path.join(folder, 'answer.wav'), '--json']);
  expect(closed.status).toBe(0);
  const heard = JSON.parse(closed.stdout) as {
    durationMs: number;
    utterances: { startMs: number; endMs: number }[];
    turns: { text: string; endedBy: string; endMs: number; decidedMs: number }[];
    frames: { voiced: number[] };
  };
  expect(heard.turns).toMatchObject([{ text: 'oui mardi à quatorze heures ça me va', endedBy: 'sentence' }]);
  expect(heard.utterances).toHaveLength(1);
  expect(heard.frames.voiced.filter((flag) => flag === 1).length).toBeGreaterThan(50);
  const [turn] = heard.turns;
  expect((turn?.decidedMs ?? 0) - (turn?.endMs ?? 0)).toBe(480);

  const open = await cli(['vad', path.join(folder, 'answer.wav'), '--question', 'Quel jour préférez-vous ?']);
  expect(open.stdout).toContain('answer to an open question');
  expect(open.stdout).toMatch(/^voiced {2}[·░▒▓█]+$/m);
  expect(open.stdout).toMatch(/^turn +1═+/m);
  expect(open.stdout).not.toContain('\u001b');
});

it('debug vad goes without words where there is no model', async () => {
  const run = await cli(['vad', path.join(folder, 'answer.wav')], {
    VOSK_MODEL_PATH: '/nowhere',
    LANG: 'fr_FR.UTF-8',
  });
  expect(run.status).toBe(0);
  expect(run.stdout).toContain('rien de compris');
  expect(run.stderr).toContain("Il n'y a pas de modèle de parole (VOSK_MODEL_PATH)");
});

it('debug vad says that nothing was said', async () => {
  await writeSound(path.join(folder, 'silence.wav'), 'aevalsrc=0:d=1:s=8000');
  const run = await cli(['vad', path.join(folder, 'silence.wav')]);
  expect(run.stdout).toContain('Nothing in it counts as speech.');
});

it('debug asr shows the words as they come, through a telephone line too', async () => {
  const run = await cli(['asr', path.join(folder, 'answer.wav'), '--telephone', '--json']);
  const heard = JSON.parse(run.stdout) as {
    text: string;
    words: { word: string; startMs: number; confidence: number }[];
    partials: { atMs: number; text: string }[];
    realTimeFactor: number;
  };
  expect(heard.text).toBe('oui mardi à quatorze heures ça me va');
  expect(heard.words.map(({ word }) => word).join(' ')).toBe(heard.text);
  const times = heard.partials.map(({ atMs }) => atMs);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times.length).toBeGreaterThan(2);
  expect(heard.realTimeFactor).toBeGreaterThan(0);

  const shown = await cli(['asr', path.join(folder, 'answer.wav')]);
  expect(shown.stdout).toMatch(/^Final +oui mardi à quatorze heures ça me va$/m);
  expect(shown.stderr).toContain('knows synthetic voices only');
});

it('says in one line what is wrong with a file, or that there is no model', async () => {
  await writeFile(path.join(folder, 'torn.wav'), 'RIFFxxxxWAVE');
  const torn = await cli(['asr', path.join(folder, 'torn.wav')]);
  expect(torn).toMatchObject({ status: 1, stdout: '' });
  expect(torn.stderr).toMatch(
    /^error: .+torn\.wav cannot be read as audio: export it again as WAV or MP3\n$/,
  );
  const gone = await cli(['vad', path.join(folder, 'gone.wav'), '--json']);
  expect(JSON.parse(gone.stderr)).toMatchObject({ error: { code: 'recording_unusable' } });
  const deaf = await cli(['asr', path.join(folder, 'answer.wav')], { VOSK_MODEL_PATH: '/nowhere' });
  expect(deaf.stderr).toMatch(/^error: there is no speech model at \/nowhere/);
});
