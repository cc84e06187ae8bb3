import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listTurns } from '../../../src/db/call-interactions.ts';
import { listLines } from '../../../src/db/call-lines.ts';
import { findCall } from '../../../src/db/calls.ts';
import type { Database } from '../../../src/db/client.ts';
import { ledgerOfSubject } from '../../../src/db/ledger.ts';
import { countPurgeable, purge, type PurgeDeps } from '../../../src/recordings/purge.ts';
import { recordingFiles } from '../../../src/recordings/recording-files.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { finishedCalls } from '../../helpers/recorded-call.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

let database: Database;
let directory: string;
beforeEach(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'minibot-purge-'));
});
afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true });
});

const deps = (own: Partial<PurgeDeps> = {}): PurgeDeps => ({
  db: database.db,
  rules: { recordingDays: 30, transcriptDays: 90 },
  directory,
  now: () => NOW,
  ...own,
});
const options = () => ({ signal: new AbortController().signal, onProgress: () => undefined });

it('removes what is too old, keeps the figures and tells the ledger', async () => {
  const [old, middling, young] = await finishedCalls(database.db, {
    endedAt: [daysAgo(91), daysAgo(31), daysAgo(29)],
    directory,
  });
  if (!old || !middling || !young) throw new Error('three calls are needed');
  expect(await countPurgeable(deps())).toEqual({ recordings: 2, transcripts: 1 });

  const steps: [number, number][] = [];
  const report = await purge(deps(), {
    ...options(),
    onProgress: (done, total) => steps.push([done, total]),
  });
  expect(report).toEqual({ recordings: 2, leftovers: 0, elsewhere: 0, transcripts: 1 });
  expect(steps.at(-1)).toEqual([3, 3]);
  expect(await readdir(directory)).toEqual([`${young.id}.wav`]);

  const purged = await findCall(database.db, old.id);
  expect(purged).toMatchObject({
    ...{ recordingPath: null, transcription: null, lastHeard: null, result: 'success', durationMs: 5000 },
    ...{ recordingPurgedAt: expect.any(Date) as Date, transcriptPurgedAt: expect.any(Date) as Date },
  });
  expect(await listTurns(database.db, [old.id])).toMatchObject([
    { transcription: '', intent: 'affirm', asrLatencyMs: 210.4 },
  ]);
  expect(await listLines(database.db, [old.id])).toMatchObject([
    { speaker: 'bot', step: 'hello', text: '', heardMs: 1160 },
    { speaker: 'contact', text: '', words: null, startedMs: 1500 },
  ]);
  expect(await findCall(database.db, middling.id)).toMatchObject({
    ...{ recordingPath: null, transcription: 'oui je vous écoute', transcriptPurgedAt: null },
  });
  expect(await findCall(database.db, young.id)).toEqual(young);

  const events = (await ledgerOfSubject(database.db, old.subject ?? '')).map(
    ({ event, details, callId }) => ({
      ...{ event, callId, what: details['what'] },
    }),
  );
  expect(events).toEqual([
    { event: 'purge', callId: old.id, what: 'recording' },
    { event: 'purge', callId: old.id, what: 'transcript' },
  ]);
  expect(await purge(deps(), options())).toEqual({
    recordings: 0,
    leftovers: 0,
    elsewhere: 0,
    transcripts: 0,
  });
  expect(await ledgerOfSubject(database.db, old.subject ?? '')).toHaveLength(2);
});

it('goes on where it was interrupted: files gone, rows not', async () => {
  const [call] = await finishedCalls(database.db, { endedAt: [daysAgo(40)], directory });
  if (call === undefined) throw new Error('a call is needed');
  await rm(recordingFiles(directory, call.id).stereo);
  expect(await purge(deps(), options())).toMatchObject({ recordings: 1 });
  expect(await findCall(database.db, call.id)).toMatchObject({ recordingPath: null });
});

it('stops between two batches when it is told to', async () => {
  await finishedCalls(database.db, { endedAt: [daysAgo(100)], directory });
  await expect(purge(deps(), { ...options(), signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(await countPurgeable(deps())).toEqual({ recordings: 1, transcripts: 1 });
});

it.each([
  ['is not set', () => null],
  ['is not on this machine', () => path.join(tmpdir(), 'minibot-nowhere')],
  ['is another one now', () => tmpdir()],
])('leaves recordings alone and says so where the folder %s', async (_, elsewhere) => {
  const [call] = await finishedCalls(database.db, { endedAt: [daysAgo(100)], directory });
  if (call === undefined) throw new Error('a call is needed');
  const report = await purge(deps({ directory: elsewhere() }), options());
  expect(report).toEqual({ recordings: 0, leftovers: 0, elsewhere: 1, transcripts: 1 });
  expect(existsSync(call.recordingPath ?? '')).toBe(true);
  expect(await findCall(database.db, call.id)).toMatchObject({ recordingPath: call.recordingPath });
});

it('removes files that a dead worker left behind, once they are too old, and nobody else’s', async () => {
  const [unrecorded] = await finishedCalls(database.db, { endedAt: [daysAgo(50)], directory: null });
  if (unrecorded === undefined) throw new Error('a call is needed');
  const stranger = '11111111-2222-4333-8444-555555555555';
  for (const id of [unrecorded.id, stranger]) {
    const file = recordingFiles(directory, id).stereo;
    await writeFile(file, 'sound');
    await utimes(file, daysAgo(50), daysAgo(50));
  }
  expect(await purge(deps(), options())).toMatchObject({ recordings: 0, leftovers: 1 });
  expect(await readdir(directory)).toEqual([`${stranger}.wav`]);
});

it('does not keep words beside a recording longer than elsewhere', async () => {
  const [call] = await finishedCalls(database.db, { endedAt: [daysAgo(10)], directory });
  if (call === undefined) throw new Error('a call is needed');
  const { transcriptText } = recordingFiles(directory, call.id);
  await writeFile(transcriptText, 'oui');
  await utimes(transcriptText, daysAgo(10), daysAgo(10));
  await purge(deps({ rules: { recordingDays: 30, transcriptDays: 7 } }), options());
  expect(await readdir(directory)).toEqual([`${call.id}.wav`]);
});
