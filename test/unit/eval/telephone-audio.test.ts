import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTelephoneAudio } from '../../../eval/telephone-audio.ts';
import { levelDbfs } from '../../../src/call-engine/audio/level.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'telephone-audio-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** One second of 16-bit PCM; `sampleAt` gives the sample of each channel at a time in seconds. */
async function wav(
  rateHz: number,
  channels: number,
  sampleAt: (seconds: number) => number[],
): Promise<string> {
  const data = Buffer.alloc(rateHz * channels * 2);
  for (let at = 0; at < rateHz; at += 1) {
    for (const [channel, sample] of sampleAt(at / rateHz).entries()) {
      data.writeInt16LE(Math.round(sample), (at * channels + channel) * 2);
    }
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE(rateHz * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  const file = path.join(directory, `${rateHz}-${channels}-${Math.random()}.wav`);
  await writeFile(file, Buffer.concat([header, data]));
  return file;
}

const tone = (hz: number) => (seconds: number) => 10_000 * Math.sin(2 * Math.PI * hz * seconds);

describe('readTelephoneAudio', () => {
  it.each([8000, 16_000, 22_050, 44_100, 48_000])(
    'brings %i Hz to 8 kHz at the same level',
    async (rateHz) => {
      const samples = await readTelephoneAudio(await wav(rateHz, 1, (at) => [tone(1000)(at)]));
      expect(samples).toHaveLength(8000);
      const expected = Int16Array.from({ length: 8000 }, (_, at) => Math.round(tone(1000)(at / 8000)));
      const middle = samples.subarray(1000, 7000);
      expect(levelDbfs(middle)).toBeCloseTo(levelDbfs(expected.subarray(1000, 7000)), 1);
      const difference = middle.map((sample, at) => sample - (expected[at + 1000] ?? 0));
      expect(levelDbfs(difference)).toBeLessThan(-45);
    },
  );

  it('lets nothing through that would fold into the band', async () => {
    const samples = await readTelephoneAudio(await wav(48_000, 1, (at) => [tone(6000)(at)]));
    expect(levelDbfs(samples.subarray(1000, 7000))).toBeLessThan(-60);
  });

  it('mixes the channels', async () => {
    const samples = await readTelephoneAudio(await wav(8000, 2, (at) => [tone(1000)(at), 0]));
    expect(Math.max(...samples)).toBeCloseTo(5000, -2);
  });

  it('says what is wrong with a file that is no recording', async () => {
    const file = path.join(directory, 'text.wav');
    await writeFile(file, 'no audio');
    await expect(readTelephoneAudio(file)).rejects.toThrow(/text\.wav is not a WAV file/);
  });
});
