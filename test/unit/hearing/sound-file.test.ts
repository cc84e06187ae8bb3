import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { levelDbfs } from '../../../src/call-engine/audio/level.ts';
import { framesOf, readSound, type Channel } from '../../../src/hearing/sound-file.ts';
import { findFfmpeg } from '../../../src/voices/ffmpeg.ts';
import { writeSound } from '../../helpers/audio-files.ts';

const TONE = (hertz: number): string => `sine=frequency=${hertz}:duration=1:sample_rate=44100`;

let folder: string;
let ffmpeg: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-sound-'));
  ffmpeg = await findFfmpeg(process.env['PATH'] ?? '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function read(
  name: string,
  options: { sampleRateHz?: 8000 | 16000; channel?: Channel; throughTelephone?: boolean } = {},
) {
  return readSound({
    ...{ ffmpeg, file: path.join(folder, name), signal: new AbortController().signal },
    ...{
      sampleRateHz: options.sampleRateHz ?? 16000,
      channel: options.channel ?? 'both',
      throughTelephone: options.throughTelephone ?? false,
    },
  });
}

describe('readSound', () => {
  it.each([
    ['mono8.wav', 8000, ['-ar', '8000', '-ac', '1']],
    ['mono16.wav', 16000, ['-ar', '16000', '-ac', '1']],
    ['stereo44.wav', 8000, ['-ar', '44100', '-af', 'aformat=channel_layouts=stereo,volume=3dB']],
    ['mulaw.wav', 16000, ['-ar', '8000', '-ac', '1', '-c:a', 'pcm_mulaw']],
    ['alaw.wav', 8000, ['-ar', '8000', '-ac', '1', '-c:a', 'pcm_alaw']],
    ['float.wav', 16000, ['-ar', '48000', '-c:a', 'pcm_f32le']],
    ['tone.flac', 8000, []],
  ] as const)('reads %s at %i Hz', async (name, sampleRateHz, args) => {
    await writeSound(path.join(folder, name), TONE(1000), args);
    const sound = await read(name, { sampleRateHz });
    expect(sound.samples.length).toBe(sampleRateHz);
    expect(sound.durationMs).toBe(1000);
    expect(levelDbfs(sound.samples)).toBeCloseTo(-21, 0);
  });

  it('takes one channel of two', async () => {
    // The left one is louder by 20 dB.
    await writeSound(path.join(folder, 'call.wav'), TONE(1000), ['-af', 'pan=stereo|c0=c0|c1=0.1*c0']);
    const level = async (channel: Channel) => levelDbfs((await read('call.wav', { channel })).samples);
    expect(await level('left')).toBeCloseTo(-21, 0);
    expect(await level('right')).toBeCloseTo(-41, 0);
    await writeSound(path.join(folder, 'one.wav'), TONE(1000), ['-ac', '1']);
    expect(levelDbfs((await read('one.wav', { channel: 'left' })).samples)).toBeGreaterThan(-25);
  });

  it('lets through what a telephone lets through', async () => {
    await writeSound(path.join(folder, 'high.wav'), TONE(6000));
    expect(levelDbfs((await read('high.wav')).samples)).toBeGreaterThan(-25);
    expect(levelDbfs((await read('high.wav', { throughTelephone: true })).samples)).toBeLessThan(-60);
    await writeSound(path.join(folder, 'middle.wav'), TONE(1000));
    const heard = await read('middle.wav', { throughTelephone: true });
    expect(heard).toMatchObject({ sampleRateHz: 16000, durationMs: 1000 });
    expect(heard.samples.length).toBe(16000);
    expect(levelDbfs(heard.samples)).toBeCloseTo(-21, 0);
  });

  it('says what is wrong with a file', async () => {
    await writeFile(path.join(folder, 'empty.wav'), '');
    await writeFile(path.join(folder, 'text.wav'), 'bonjour');
    await writeFile(path.join(folder, 'list.mp3'), '#EXTM3U\nfile:///etc/hostname\n');
    execFileSync('mkfifo', [path.join(folder, 'pipe.wav')]);
    const problems: [string, string][] = [
      ['missing.wav', 'missing'],
      ['empty.wav', 'empty'],
      ['text.wav', 'no-audio'],
      ['list.mp3', 'no-audio'],
      ['pipe.wav', 'no-file'],
      ['.', 'no-file'],
    ];
    for (const [name, problem] of problems) await expect(read(name)).rejects.toMatchObject({ problem });
  });

  it('refuses more than five minutes', async () => {
    await writeSound(path.join(folder, 'long.wav'), 'aevalsrc=0:d=302:s=8000');
    await expect(read('long.wav')).rejects.toMatchObject({ problem: 'too-long' });
  });
});

it('framesOf cuts frames of 20 ms, the last one filled up, and lets silence follow', () => {
  const sound = { samples: new Int16Array(400).fill(7), sampleRateHz: 8000 as const, durationMs: 50 };
  const frames = framesOf(sound, 40);
  expect(frames.map((frame) => frame.length)).toEqual([160, 160, 160, 160, 160]);
  expect([...(frames[2] ?? [])].filter((sample) => sample === 7)).toHaveLength(80);
  expect(frames[4]?.every((sample) => sample === 0)).toBe(true);
});
