import type pg from 'pg';
import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Turn } from '../../../src/call-engine/ports.ts';
import { listTurns } from '../../../src/db/call-interactions.ts';
import { listLines } from '../../../src/db/call-lines.ts';
import { createCallJournal } from '../../../src/db/call-journal.ts';
import { completeAttempt, findCall, markDialing, takeOverAttempt } from '../../../src/db/calls.ts';
import type { Database } from '../../../src/db/client.ts';
import type { Call } from '../../../src/db/schema.ts';
import { createAttempt } from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';

let database: Database;
let call: Call;
let logged: { level: number; msg: string; lost?: number }[];
let logger: pino.Logger;

beforeEach(async () => {
  database = await createTestDatabase();
  call = await createAttempt(database.db);
  await markDialing(database.db, call);
  logged = [];
  logger = pino(
    { level: 'debug' },
    { write: (line) => logged.push(JSON.parse(line) as (typeof logged)[number]) },
  );
});
afterEach(() => database.close());

const AT = new Date('2026-11-23T10:00:00.000Z');
const later = (ms: number) => new Date(AT.getTime() + ms);
const soon = () => ({ signal: AbortSignal.timeout(10_000) });

function turn(turnNumber: number, changes: Partial<Turn> = {}): Turn {
  return {
    turnNumber,
    step: 'hello',
    transcript: 'oui bonjour',
    asrConfidence: 0.9,
    intent: 'affirm',
    intentConfidence: 0.8,
    processingMethod: 'rule',
    bargeIn: true,
    latencies: { bargeInMs: 61, asrMs: 120, intentMs: 2, totalMs: 640, endpointingMs: 500, responseMs: 140 },
    speechNumber: null,
    objectionId: null,
    nextStep: 'question1',
    ...changes,
  };
}

it('stores what happens in a call, turn by turn', async () => {
  const journal = createCallJournal(database.db, call, logger);
  journal.record({ type: 'ringing', at: AT });
  journal.record({ type: 'answered', at: later(4000) });
  journal.record({
    type: 'amd-decided',
    at: later(5000),
    amd: { result: 'HUMAN', reason: 'timing:short-greeting', afterMs: 980.5 },
  });
  journal.record({ type: 'step-entered', at: later(5000), step: 'hello' });
  await journal.flush(soon());
  journal.record({ type: 'partial-heard', at: later(6000), text: 'oui' });
  journal.record({ type: 'turn-taken', at: later(7000), turn: turn(1) });
  journal.record({ type: 'step-entered', at: later(7000), step: 'question1' });
  await journal.flush(soon());

  expect(await findCall(database.db, call.id)).toMatchObject({
    status: 'active',
    ringingAt: AT,
    answeredAt: later(4000),
    amdResult: 'HUMAN',
    amdReason: 'timing:short-greeting',
    amdAfterMs: 980.5,
    steps: ['hello', 'question1'],
    currentStep: 'question1',
    lastHeard: 'oui bonjour',
  });
  expect(await listTurns(database.db, [call.id])).toMatchObject([
    {
      turnNumber: 1,
      step: 'hello',
      transcription: 'oui bonjour',
      asrConfidence: 0.9,
      intent: 'affirm',
      intentConfidence: 0.8,
      processingMethod: 'rule',
      bargeInDetected: true,
      bargeInLatencyMs: 61,
      asrLatencyMs: 120,
      intentLatencyMs: 2,
      totalLatencyMs: 640,
      streamingMetadata: { endpointing_ms: 500, response_ms: 140 },
      objectionId: null,
      nextStep: 'question1',
      createdAt: later(7000),
    },
  ]);
});

it('puts the transcript of the whole call together when it is completed', async () => {
  const journal = createCallJournal(database.db, call, logger);
  journal.record({ type: 'answered', at: AT });
  journal.record({ type: 'turn-taken', at: AT, turn: turn(2, { transcript: 'ça ne m’intéresse pas' }) });
  journal.record({ type: 'turn-taken', at: AT, turn: turn(1, { transcript: 'allô\0' }) });
  journal.record({ type: 'turn-taken', at: AT, turn: turn(3, { transcript: '', intent: 'silence' }) });
  await journal.flush(soon());

  const completed = await completeAttempt(database.db, call, {
    result: 'not_interested',
    endReason: 'scenario',
    hangupCause: 'NORMAL_CLEARING',
    sipStatus: null,
    counted: true,
    endedAt: later(31_250),
    recordingPath: null,
  });

  expect(completed).toMatchObject({
    transcription: 'allô\nça ne m’intéresse pas',
    lastHeard: 'allô',
    durationMs: 31_250,
    duration: 31.25,
  });
});

it('stores both sides of the call with their times, and where it is recorded', async () => {
  const journal = createCallJournal(database.db, call, logger);
  const prompt = { number: 1, step: 'hello', text: 'Bonjour\0.', startedMs: 20.4, completed: false };
  journal.record({ type: 'answered', at: AT });
  journal.record({ type: 'prompt-played', prompt: { ...prompt, endedMs: null, heardMs: 0 } });
  await journal.flush(soon());
  expect(await listLines(database.db, [call.id])).toMatchObject([{ text: 'Bonjour.', endedMs: null }]);

  const words = [{ word: 'allô', startMs: 310.2, endMs: 600.8, confidence: 0.9 }];
  const speech = { number: 1, text: 'allô', startedMs: 300, endedMs: 620, confidence: 0.9, words };
  journal.record({ type: 'speech-heard', speech });
  journal.record({ type: 'prompt-played', prompt: { ...prompt, endedMs: 400, heardMs: 360 } });
  journal.record({ type: 'prompt-played', prompt: { ...prompt, endedMs: 410, heardMs: 380 } });
  journal.record({ type: 'recording-started', path: '/recordings/x.wav', sinceAnswerMs: 1204.6 });
  journal.record({ type: 'recording-failed', problem: 'no space' });
  await journal.flush(soon());

  expect(await listLines(database.db, [call.id])).toMatchObject([
    { speaker: 'bot', number: 1, step: 'hello', startedMs: 20, endedMs: 410, heardMs: 380, completed: false },
    {
      ...{ speaker: 'contact', number: 1, text: 'allô', startedMs: 300, endedMs: 620, confidence: 0.9 },
      words: [{ word: 'allô', start_ms: 310, end_ms: 601, confidence: 0.9 }],
    },
  ]);
  // What a worker that dies here leaves behind is found by its path.
  const ending = {
    result: 'interrupted',
    endReason: 'link-lost',
    hangupCause: null,
    sipStatus: null,
  } as const;
  await completeAttempt(database.db, call, { ...ending, counted: true, endedAt: AT, recordingPath: null });
  expect(await findCall(database.db, call.id)).toMatchObject({
    ...{ recordingPath: '/recordings/x.wav', recordingStartedMs: 1205, recordingProblem: 'no space' },
  });
});

it('replaces a turn that is written again', async () => {
  const journal = createCallJournal(database.db, call, logger);
  journal.record({ type: 'turn-taken', at: AT, turn: turn(1) });
  await journal.flush(soon());
  journal.record({ type: 'turn-taken', at: AT, turn: turn(1, { transcript: 'non', intent: 'deny' }) });
  journal.record({ type: 'turn-taken', at: AT, turn: turn(1, { transcript: 'non merci', intent: 'deny' }) });
  await journal.flush(soon());

  expect(await listTurns(database.db, [call.id])).toMatchObject([
    { turnNumber: 1, transcription: 'non merci' },
  ]);
});

it('writes without being flushed', async () => {
  const journal = createCallJournal(database.db, call, logger);
  journal.record({ type: 'ringing', at: AT });

  await vi.waitFor(
    async () => expect((await findCall(database.db, call.id))?.status).toBe('ringing'),
    10_000,
  );
});

it('has nothing to wait for when nothing was recorded, even with no time left', async () => {
  const journal = createCallJournal(database.db, call, logger);
  await journal.flush({ signal: AbortSignal.abort() });
  journal.record({ type: 'ringing', at: AT });
  await journal.flush(soon());
  expect((await findCall(database.db, call.id))?.status).toBe('ringing');
});

it('writes again what a dropped connection swallowed', async () => {
  const lock = await lockCall();
  const journal = createCallJournal(database.db, call, logger);
  journal.record({ type: 'answered', at: AT });
  journal.record({ type: 'turn-taken', at: AT, turn: turn(1) });
  const backend = await blockedBackend();

  await lock.query('select pg_terminate_backend($1)', [backend]);
  journal.record({ type: 'turn-taken', at: AT, turn: turn(2) });
  await unlock(lock);
  await journal.flush(soon());

  expect(logged).toMatchObject([{ msg: 'the call journal could not be written; trying again' }]);
  expect((await listTurns(database.db, [call.id])).map((row) => row.turnNumber)).toEqual([1, 2]);
  expect(await findCall(database.db, call.id)).toMatchObject({ status: 'active', answeredAt: AT });
});

it('gives up when flush runs out of time, and says how much was lost', async () => {
  const lock = await lockCall();
  const journal = createCallJournal(database.db, call, logger);
  journal.record({ type: 'answered', at: AT });
  journal.record({ type: 'step-entered', at: AT, step: 'hello' });
  await blockedBackend();
  const deadline = new AbortController();
  const flushed = journal.flush({ signal: deadline.signal });
  deadline.abort();

  await expect(flushed).rejects.toMatchObject({ code: 'journal_not_stored' });
  expect(logged).toMatchObject([{ msg: 'the call journal cannot be stored', lost: 2 }]);
  await expect(journal.flush(soon())).rejects.toMatchObject({ code: 'journal_not_stored' });
  await unlock(lock);
});

it('keeps only the latest partial while it cannot write, and what is not a partial in order', async () => {
  const lock = await lockCall();
  const journal = createCallJournal(database.db, call, logger);
  journal.record({ type: 'answered', at: AT });
  await blockedBackend();
  for (let n = 0; n < 5000; n += 1) {
    journal.record({ type: 'partial-heard', at: later(n), text: `mot ${n}` });
    if (n % 1000 === 0) journal.record({ type: 'step-entered', at: later(n), step: `step-${n}` });
  }
  await unlock(lock);
  await journal.flush(soon());

  expect(await findCall(database.db, call.id)).toMatchObject({
    lastHeard: 'mot 4999',
    steps: ['step-0', 'step-1000', 'step-2000', 'step-3000', 'step-4000'],
  });
  expect(logged).toEqual([]);
});

it('holds a bounded number of entries, and does not hide that some were lost', async () => {
  const lock = await lockCall();
  const journal = createCallJournal(database.db, call, logger);
  journal.record({ type: 'answered', at: AT });
  await blockedBackend();
  for (let n = 0; n < 1003; n += 1) journal.record({ type: 'step-entered', at: AT, step: `step-${n}` });
  await unlock(lock);

  await expect(journal.flush(soon())).rejects.toThrow('3 entries lost');
  expect((await findCall(database.db, call.id))?.steps).toHaveLength(1000);
  expect(logged).toMatchObject([{ msg: 'the call journal is full: an entry was lost' }]);
});

it('writes nothing into an attempt that another worker has taken over', async () => {
  const journal = createCallJournal(database.db, call, logger);
  await takeOverAttempt(database.db, call, 'worker-2');
  journal.record({ type: 'turn-taken', at: AT, turn: turn(1) });

  await expect(journal.flush(soon())).rejects.toMatchObject({ code: 'attempt_lost' });
  expect(await listTurns(database.db, [call.id])).toEqual([]);
  journal.record({ type: 'answered', at: AT });
  await expect(journal.flush(soon())).rejects.toMatchObject({ code: 'attempt_lost' });
});

it('does not move a completed call', async () => {
  const journal = createCallJournal(database.db, call, logger);
  await completeAttempt(database.db, call, {
    result: 'interrupted',
    endReason: 'link-lost',
    hangupCause: null,
    sipStatus: null,
    counted: false,
    endedAt: AT,
    recordingPath: null,
  });
  journal.record({ type: 'answered', at: AT });

  await expect(journal.flush(soon())).rejects.toMatchObject({ code: 'attempt_lost' });
  expect(await findCall(database.db, call.id)).toMatchObject({ status: 'completed', answeredAt: null });
});

/** Holds the call's row, so that every write of the journal waits. */
async function lockCall(): Promise<pg.PoolClient> {
  const client = await database.pool.connect();
  await client.query('begin');
  await client.query('select 1 from calls where call_uuid = $1 for update', [call.id]);
  return client;
}

async function unlock(lock: pg.PoolClient): Promise<void> {
  await lock.query('commit');
  lock.release();
}

/** The backend in which the journal's write waits for the row. */
async function blockedBackend(): Promise<number> {
  return vi.waitFor(async () => {
    // Not asked by the holder of the lock: within a transaction pg_stat_activity never changes.
    const { rows } = await database.pool.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
    );
    const [row] = rows;
    if (!row) throw new Error('nobody waits for the row yet');
    return row.pid;
  }, 10_000);
}
