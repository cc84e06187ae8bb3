import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWav, wavHeader } from '../../../src/call-engine/audio/wav.ts';
import { assembleRecording } from '../../../src/recordings/assemble.ts';

const RATE_HZ = 8000;
const never = new AbortController().signal;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-assemble-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string): string => path.join(folder, name);

/** A tone of one side, 0 outside of `[fromS, toS)`. */
const tone =
  (amplitude: number, fromS: number, toS: number) =>
  (second: number): number =>
    second >= fromS && second < toS ? amplitude * Math.sin(2 * Math.PI * 440 * second) : 0;

function wav(seconds: number, ...sides: ((second: number) => number)[]): Buffer {
  const frames = seconds * RATE_HZ;
  const data = Buffer.alloc(frames * sides.length * 2);
  for (let frame = 0; frame < frames; frame++) {
    sides.forEach((side, channel) =>
      data.writeInt16LE(Math.round(side(frame / RATE_HZ)), (frame * sides.length + channel) * 2),
    );
  }
  const header = wavHeader({ sampleRateHz: RATE_HZ, channelCount: sides.length, dataBytes: data.length });
  return Buffer.concat([header, data]);
}

async function assembled(file: Buffer): Promise<Int16Array> {
  await writeFile(at('in.wav'), file);
  await assembleRecording(at('in.wav'), at('out.wav'), never);
  const { channels, sampleRateHz } = readWav(await readFile(at('out.wav')));
  expect(channels).toHaveLength(1);
  expect(sampleRateHz).toBe(RATE_HZ);
  expect(existsSync(at('out.wav.part'))).toBe(false);
  return channels[0];
}

const levelDb = (samples: Int16Array, fromS: number, toS: number): number => {
  const stretch = samples.subarray(fromS * RATE_HZ, toS * RATE_HZ);
  const mean = stretch.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / stretch.length;
  return 10 * Math.log10(mean);
};

describe('assembleRecording', () => {
  it('puts both sides on one channel at one loudness, pauses and all', async () => {
    // Five seconds are more than one block.
    const mixed = await assembled(wav(5, tone(400, 0, 2), tone(12_000, 3, 5)));
    expect(mixed).toHaveLength(5 * RATE_HZ);
    const [faint, pause, loud] = [
      levelDb(mixed, 0.1, 1.9),
      levelDb(mixed, 2.1, 2.9),
      levelDb(mixed, 3.1, 4.9),
    ];
    expect(loud).toBeCloseTo(-20, 0);
    // 400 is 41 dB down; more than 18 dB is not added, or the line's noise would roar.
    expect(faint).toBeCloseTo(-41.3 + 18, 0);
    expect(pause).toBeLessThan(-90);
  });

  it('stays within the limits where both speak at once', async () => {
    const mixed = await assembled(wav(2, tone(32_000, 0, 2), tone(32_000, 0, 2)));
    expect(levelDb(mixed, 0, 2)).toBeLessThan(0);
    // Nothing wraps around: a sum of two tones in step has no jump from top to bottom.
    for (let i = 1; i < mixed.length; i++) {
      expect(Math.abs((mixed[i] ?? 0) - (mixed[i - 1] ?? 0))).toBeLessThan(32_768);
    }
  });

  it('takes a file of one channel, and one whose header was never completed', async () => {
    expect(levelDb(await assembled(wav(1, tone(3000, 0, 1))), 0, 1)).toBeCloseTo(-20, 0);
    const cut = wav(1, tone(3000, 0, 1), tone(3000, 0, 1));
    cut.writeUInt32LE(0xffffffff, 40);
    expect(await assembled(cut.subarray(0, cut.length - 5))).toHaveLength(RATE_HZ - 2);
  });

  it('leaves silence alone', async () => {
    expect(levelDb(await assembled(wav(1, tone(2, 0, 1), tone(0, 0, 1))), 0, 1)).toBeLessThan(-80);
  });

  it.each([
    ['no WAV at all', Buffer.from('RIFFxxxxWAVX')],
    ['three channels', wav(1, tone(1, 0, 1), tone(1, 0, 1), tone(1, 0, 1))],
  ])('refuses %s and leaves nothing behind', async (_, file) => {
    await writeFile(at('in.wav'), file);
    await expect(assembleRecording(at('in.wav'), at('out.wav'), never)).rejects.toMatchObject({
      code: 'WAV_UNREADABLE',
    });
    expect(existsSync(at('out.wav')) || existsSync(at('out.wav.part'))).toBe(false);
  });

  it('says when there is no file', async () => {
    await expect(assembleRecording(at('in.wav'), at('out.wav'), never)).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('leaves nothing half made when it is stopped', async () => {
    await writeFile(at('in.wav'), wav(1, tone(100, 0, 1)));
    const stopped = AbortSignal.abort();
    await expect(assembleRecording(at('in.wav'), at('out.wav'), stopped)).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(existsSync(at('out.wav')) || existsSync(at('out.wav.part'))).toBe(false);
  });

  it('does not write through a link', async () => {
    await writeFile(at('precious'), 'untouched');
    await symlink(at('precious'), at('out.wav.part'));
    await assembled(wav(1, tone(100, 0, 1)));
    expect(await readFile(at('precious'), 'utf8')).toBe('untouched');
  });
});
