import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  callsWithOldFiles,
  recordingFiles,
  removeOldTranscripts,
  removeRecording,
  seesRecordings,
} from '../../../src/recordings/recording-files.ts';

const CALL = '6b01a360-e633-4878-8ee3-85a75a3a7523';
const OTHER = '11111111-2222-4333-8444-555555555555';

let root: string;
let recordings: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'minibot-files-'));
  recordings = path.join(root, 'recordings');
  await mkdir(recordings);
});
afterEach(() => rm(root, { recursive: true }));

const put = async (...names: string[]): Promise<void> => {
  for (const name of names) await writeFile(path.join(recordings, name), 'sound');
};

it('removes everything of a call and nothing else; again, it is a success', async () => {
  await put(
    `${CALL}.wav`,
    `${CALL}.assembled.wav`,
    `${CALL}.assembled.wav.part`,
    `${CALL}.txt`,
    `${CALL}.json`,
  );
  await put(`${OTHER}.wav`, 'notes.txt');
  const recordedAt = path.join(recordings, `${CALL}.wav`);
  expect(await removeRecording(recordings, { callId: CALL, recordedAt })).toBe(true);
  expect((await readdir(recordings)).sort()).toEqual([`${OTHER}.wav`, 'notes.txt']);
  expect(await removeRecording(recordings, { callId: CALL, recordedAt })).toBe(true);
});

it.each([
  ['outside of the folder', (name: string) => path.join(root, name)],
  ['below it, but deeper', (name: string) => path.join(recordings, 'old', name)],
  ['that climbs out of it', (name: string) => path.join(recordings, '..', name)],
  ['of another name', () => path.join(recordings, 'precious.wav')],
  ["of another call's name", () => path.join(recordings, `${OTHER}.wav`)],
])('touches no file %s', async (_, place) => {
  const recordedAt = place(`${CALL}.wav`);
  await mkdir(path.dirname(recordedAt), { recursive: true });
  await writeFile(recordedAt, 'sound');
  await put(`${CALL}.txt`);
  expect(await removeRecording(recordings, { callId: CALL, recordedAt })).toBe(false);
  expect(existsSync(recordedAt)).toBe(true);
  expect(existsSync(path.join(recordings, `${CALL}.txt`))).toBe(true);
});

it('removes a link, never what it points to', async () => {
  const precious = path.join(root, 'precious.wav');
  await writeFile(precious, 'sound');
  const { stereo } = recordingFiles(recordings, CALL);
  await symlink(precious, stereo);
  expect(await removeRecording(recordings, { callId: CALL, recordedAt: stereo })).toBe(true);
  expect(existsSync(precious)).toBe(true);
  expect(await readdir(recordings)).toEqual([]);
});

it('says when the folder is not on this machine', async () => {
  const away = path.join(root, 'away');
  expect(await seesRecordings(away)).toBe(false);
  const recordedAt = path.join(away, `${CALL}.wav`);
  expect(await removeRecording(away, { callId: CALL, recordedAt })).toBe(false);
});

it('finds old files by the names it gives itself', async () => {
  await put(`${CALL}.wav`, `${CALL}.txt`, `${OTHER}.json`, 'music.wav', `${OTHER}.mp3`);
  const long = new Date('2026-01-01');
  for (const name of [`${CALL}.wav`, `${CALL}.txt`, 'music.wav', `${OTHER}.mp3`]) {
    await utimes(path.join(recordings, name), long, long);
  }
  expect(await callsWithOldFiles(recordings, new Date('2026-06-01'))).toEqual([CALL]);
  await removeOldTranscripts(recordings, new Date('2026-06-01'));
  expect((await readdir(recordings)).sort()).toEqual(
    [`${CALL}.wav`, `${OTHER}.json`, `${OTHER}.mp3`, 'music.wav'].sort(),
  );
});
