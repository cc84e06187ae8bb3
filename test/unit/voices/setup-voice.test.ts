import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../../src/voices/ffmpeg.ts';
import { measurePrepared } from '../../../src/voices/prepare-recording.ts';
import { setUpVoice, type SetupOptions } from '../../../src/voices/setup-voice.ts';
import { babble, writeSound } from '../../helpers/audio-files.ts';

/** ffmpeg is run many times, on a machine that may be busy. */
const TIMEOUT_MS = 120_000;

let folder: string;
let ffmpeg: string;

beforeAll(async () => {
  ffmpeg = await findFfmpeg(process.env['PATH'] ?? '');
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-setup-'));
  await mkdir(path.join(folder, 'audio/julie/base'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function source(name: string): string {
  return path.join(folder, 'audio/julie/base', name);
}

function target(name: string): string {
  return path.join(folder, 'sounds/julie/base', name);
}

function setUp(changes: Partial<SetupOptions> = {}) {
  return setUpVoice({
    ffmpeg,
    voice: 'julie',
    sourceDir: path.join(folder, 'audio'),
    soundsDir: path.join(folder, 'sounds'),
    settings: { volumeAdjustDb: 0, backgroundReductionDb: -10 },
    dryRun: false,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...changes,
  });
}

describe('setUpVoice', { timeout: TIMEOUT_MS }, () => {
  it.each(['wav', 'mp3', 'm4a', 'flac', 'ogg', 'aac'])(
    'brings %s to the level and format of the line',
    async (format) => {
      await writeSound(source(`hello.${format}`), babble(2, 0.02), ['-ac', '2']);
      expect(await setUp()).toMatchObject([
        { name: `base/hello.${format}`, status: 'prepared', warnings: [] },
      ]);

      const bytes = await readFile(target('hello.wav'));
      // Format chunk: µ-law, one channel, 8000 Hz.
      expect([bytes.readUInt16LE(20), bytes.readUInt16LE(22), bytes.readUInt32LE(24)]).toEqual([7, 1, 8000]);
      const { peakDbfs, rmsDbfs, durationMs } = measurePrepared(bytes);
      expect(peakDbfs).toBeLessThanOrEqual(-3);
      expect(rmsDbfs).toBeCloseTo(-18, 0);
      expect(durationMs / 1000).toBeCloseTo(2, 0);
      expect((await stat(target('hello.wav'))).mode & 0o777).toBe(0o644);
      expect((await stat(path.dirname(target('hello.wav')))).mode & 0o777).toBe(0o755);
    },
  );

  it('limits the peaks of a sound that is short and sharp instead of clipping them', async () => {
    await writeSound(
      source('sharp.wav'),
      `aevalsrc='0.9*sin(2*PI*500*t)*pow(abs(sin(2*PI*2*t)),40)':d=2:s=44100`,
    );
    const [result] = await setUp({ settings: { volumeAdjustDb: 6, backgroundReductionDb: 0 } });
    const { peakDbfs, rmsDbfs } = measurePrepared(await readFile(target('sharp.wav')));
    expect(result).toMatchObject({ status: 'prepared' });
    expect(peakDbfs).toBeLessThanOrEqual(-3);
    expect(peakDbfs).toBeGreaterThan(-4);
    expect(rmsDbfs).toBeGreaterThan(-18);
  });

  it('adds the adjustment to the level', async () => {
    await writeSound(source('hello.wav'), babble(2, 0.1));
    await setUp({ settings: { volumeAdjustDb: 2, backgroundReductionDb: 0 } });
    expect(measurePrepared(await readFile(target('hello.wav'))).rmsDbfs).toBeCloseTo(-16, 0);
  });

  it('lowers the noise between the words', async () => {
    const noisy = `${babble(3, 0.2)}[s];anoisesrc=d=3:a=0.02:c=white:r=44100:seed=7[n];[s][n]amix=inputs=2`;
    await writeSound(source('noisy.wav'), noisy, ['-t', '3']);
    const noiseWith = async (backgroundReductionDb: number): Promise<number> => {
      await setUp({ settings: { volumeAdjustDb: 0, backgroundReductionDb } });
      return measurePrepared(await readFile(target('noisy.wav'))).floorDbfs;
    };
    expect(await noiseWith(-15)).toBeLessThan((await noiseWith(0)) - 3);
  });

  it('says what is wrong with each file and does the others', async () => {
    await writeSound(source('good.wav'), babble(1, 0.1));
    await writeSound(source('silent.wav'), 'anullsrc=d=1', ['-t', '1']);
    await writeSound(source('long.mp3'), 'sine=d=320:r=8000');
    await writeSound(source('twice.wav'), babble(1, 0.1));
    await writeSound(source('twice.ogg'), babble(1, 0.1));
    await writeSound(source("l'été.wav"), babble(1, 0.1));
    await writeSound(source('./-dash.wav'), babble(1, 0.1));
    await writeFile(source('text.wav'), 'no audio at all');
    await writeFile(source('empty.mp3'), '');
    // A playlist would read what it names.
    await writeFile(source('list.mp3'), `#EXTM3U\n#EXTINF:1,\nfile://${source('good.wav')}\n`);
    await writeFile(source('huge.wav'), '');
    await truncate(source('huge.wav'), 600_000_000);
    await symlink(source('good.wav'), source('link.wav'));
    await writeFile(source('notes.txt'), 'no recording');

    const results = await setUp();
    const found = results.map((one) => [one.name, one.status === 'failed' ? one.problem : one.status]);
    expect(Object.fromEntries(found)).toEqual({
      'base/-dash.wav': 'prepared',
      'base/empty.mp3': 'empty',
      'base/good.wav': 'prepared',
      'base/huge.wav': 'too-large',
      "base/l'été.wav": 'bad-name',
      'base/link.wav': 'symbolic-link',
      'base/list.mp3': 'no-audio',
      'base/long.mp3': 'too-long',
      'base/silent.wav': 'silent',
      'base/text.wav': 'no-audio',
      'base/twice.ogg': 'two-sources',
      'base/twice.wav': 'two-sources',
    });
    expect((await readdir(path.dirname(target('good.wav')))).sort()).toEqual(['-dash.wav', 'good.wav']);
  });

  it('warns of clipping and of silence at the ends', async () => {
    await writeSound(source('clipped.wav'), babble(1, 3));
    await writeSound(source('late.wav'), babble(1, 0.1), ['-af', 'adelay=900,apad=pad_dur=2']);
    const results = await setUp();
    const warned = results.map((one) =>
      one.status === 'failed' ? [] : one.warnings.map(({ type }) => type),
    );
    expect(warned).toEqual([['clipped'], ['silence-before', 'silence-after']]);
  });

  it('leaves alone what has not changed, and makes again what has', async () => {
    await writeSound(source('a.wav'), babble(1, 0.1));
    await writeSound(source('b.wav'), babble(1, 0.1));
    const statuses = async (changes?: Partial<SetupOptions>) =>
      (await setUp(changes)).map(({ status }) => status);
    expect(await statuses()).toEqual(['prepared', 'prepared']);
    const first = await readFile(target('a.wav'));
    expect(await statuses()).toEqual(['unchanged', 'unchanged']);
    await writeSound(source('b.wav'), babble(1.5, 0.1));
    await rm(target('a.wav'));
    expect(await statuses()).toEqual(['prepared', 'prepared']);
    expect(await readFile(target('a.wav'))).toEqual(first);
    const louder = { settings: { volumeAdjustDb: 3, backgroundReductionDb: -10 } };
    expect(await statuses(louder)).toEqual(['prepared', 'prepared']);
  });

  it('writes nothing in a dry run', async () => {
    await writeSound(source('a.wav'), babble(1, 0.1));
    expect(await setUp({ dryRun: true })).toMatchObject([{ status: 'prepared' }]);
    await expect(stat(path.join(folder, 'sounds'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('leaves whole files only when it is interrupted', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await writeSound(source(`${name}.wav`), babble(1, 0.1));
    const stop = new AbortController();
    const over = setUp({
      signal: stop.signal,
      onProgress: () => {
        stop.abort(new Error('interrupted'));
      },
    });
    await expect(over).rejects.toThrow('interrupted');
    const left = await readdir(path.dirname(target('a.wav')));
    expect(left.length).toBeLessThan(4);
    for (const name of left) {
      expect(name).toMatch(/^[abcd]\.wav$/);
      expect(measurePrepared(await readFile(target(name))).durationMs).toBeCloseTo(1000, -2);
    }
    expect((await setUp()).map(({ status }) => status)).toContain('unchanged');
  });

  it('refuses to overwrite the recordings themselves', async () => {
    await writeSound(source('a.wav'), babble(1, 0.1));
    await expect(setUp({ soundsDir: path.join(folder, 'audio') })).rejects.toThrow('are the same folder');
  });
});
