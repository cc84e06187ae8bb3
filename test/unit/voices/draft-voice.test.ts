import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWav } from '../../../src/call-engine/audio/wav.ts';
import { isDraftFile, withDraftMark } from '../../../src/voices/draft-mark.ts';
import { draftVoice } from '../../../src/voices/draft-voice.ts';
import { findSynthesiser, type Synthesiser } from '../../../src/voices/synthesiser.ts';
import { toneWav } from '../../helpers/wav.ts';

let folder: string;
let sourceDir: string;
let soundsDir: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-draft-test-'));
  sourceDir = path.join(folder, 'audio');
  soundsDir = path.join(folder, 'sounds');
  await writeFile(path.join(folder, 'spoken.wav'), toneWav(200));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that writes a WAV file and, beside it, what it was told to say. */
function speaker(script = ''): Synthesiser {
  const program = `
    const fs = require('fs');
    const [spoken, said, target] = process.argv.slice(1);
    fs.appendFileSync(said, fs.readFileSync(0, 'utf8'));
    ${script}
    fs.copyFileSync(spoken, target);`;
  return {
    name: 'espeak-ng',
    program: process.execPath,
    args: (target) => ['-e', program, path.join(folder, 'spoken.wav'), path.join(folder, 'said.txt'), target],
  };
}

function draft(recordings: { audioPath: string; text: string }[], synthesiser = speaker()) {
  return draftVoice({
    ...{ synthesiser, recordings, sourceDir, soundsDir },
    dryRun: false,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}

describe('draftVoice', () => {
  it('speaks what is missing, without what only a call knows, and marks it', async () => {
    const results = await draft([
      { audioPath: 'julie/base/hello.wav', text: 'Bonjour {{first_name}}, ici «\u00a0GoldInvest\u00a0».' },
      { audioPath: 'julie/base/mute.wav', text: '' },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['drafted', 'no-text']);
    expect(await readFile(path.join(folder, 'said.txt'), 'utf8')).toBe('Bonjour, ici GoldInvest .\n');
    const file = path.join(sourceDir, 'julie/base/hello.wav');
    const bytes = await readFile(file);
    expect(await isDraftFile(file)).toBe(true);
    expect(readWav(bytes).channels[0]).toHaveLength(1600);
  });

  it('touches no recording, here or at the switch, and speaks drafts again', async () => {
    await mkdir(path.join(sourceDir, 'julie/base'), { recursive: true });
    await mkdir(path.join(soundsDir, 'julie/base'), { recursive: true });
    await writeFile(path.join(sourceDir, 'julie/base/a.mp3'), 'somebody said this');
    await writeFile(path.join(soundsDir, 'julie/base/b.wav'), toneWav(100));
    await writeFile(path.join(sourceDir, 'julie/base/c.wav'), withDraftMark(toneWav(100)));
    await writeFile(path.join(soundsDir, 'julie/base/c.wav'), withDraftMark(toneWav(100)));
    const results = await draft(
      ['a', 'b', 'c'].map((name) => ({ audioPath: `julie/base/${name}.wav`, text: name })),
    );
    expect(results.map(({ status }) => status)).toEqual(['recorded', 'recorded', 'drafted']);
    await expect(stat(path.join(sourceDir, 'julie/base/a.wav'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(stat(path.join(sourceDir, 'julie/base/b.wav'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(readWav(await readFile(path.join(sourceDir, 'julie/base/c.wav'))).channels[0]).toHaveLength(1600);
  });

  it('says what the program said when it fails, and leaves nothing', async () => {
    const failing = speaker("console.error('no such voice'); process.exit(3);");
    const over = draft([{ audioPath: 'julie/base/hello.wav', text: 'Bonjour' }], failing);
    await expect(over).rejects.toThrow('espeak-ng failed: no such voice');
    await expect(stat(path.join(sourceDir, 'julie/base/hello.wav'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('speaks with espeak-ng itself', async (test) => {
    const espeak = await findSynthesiser(process.env['PATH'] ?? '', null);
    if (espeak === null) {
      console.warn('espeak-ng is not installed: draft-voice is not tried with it');
      test.skip();
      return;
    }
    await draft([{ audioPath: 'julie/base/hello.wav', text: '-v en, dit la voix.' }], espeak);
    const file = path.join(sourceDir, 'julie/base/hello.wav');
    const { channels, sampleRateHz } = readWav(await readFile(file));
    expect(channels[0].length / sampleRateHz).toBeGreaterThan(0.5);
    expect(await isDraftFile(file)).toBe(true);
  });
});
