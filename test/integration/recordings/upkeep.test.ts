import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findCall } from '../../../src/db/calls.ts';
import type { Database } from '../../../src/db/client.ts';
import { erasePerson } from '../../../src/db/person.ts';
import { openQueueBackend, type QueueBackend } from '../../../src/queues/backend.ts';
import type { UpkeepJob, UpkeepJobData } from '../../../src/queues/upkeep-queue.ts';
import { recordingFiles, removeRecording } from '../../../src/recordings/recording-files.ts';
import {
  createUpkeepProcessor,
  openUpkeep,
  type Upkeep,
  type UpkeepDeps,
} from '../../../src/workers/upkeep.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { finishedCalls } from '../../helpers/recorded-call.ts';
import { openTestRedis } from '../../helpers/redis.ts';

const silent = pino({ level: 'silent' });
const DEADLINE_MS = 30_000;
const redis = await openTestRedis();
afterAll(() => redis?.close());

let database: Database;
let directory: string;
beforeEach(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'minibot-upkeep-'));
});
afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true });
});

function deps(backend: QueueBackend, own: Partial<UpkeepDeps> = {}): UpkeepDeps {
  return {
    ...{ db: database.db, backend, directory, workerId: randomUUID(), logger: silent },
    ...{ rules: { recordingDays: 30, transcriptDays: 90 }, now: () => new Date() },
    ...own,
  };
}

describe.each([
  { store: 'Postgres', redisUrl: null, skipped: false },
  { store: 'Redis', redisUrl: redis?.url ?? null, skipped: redis === null },
])('upkeep with its queues in $store', ({ redisUrl, skipped }) => {
  const opened: { close(): Promise<void> }[] = [];
  let namespace = '';
  beforeEach(() => {
    namespace = `test_${randomUUID().slice(0, 8)}`;
  });
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
  });
  const openBackend = async (): Promise<QueueBackend> => {
    const backend = await openQueueBackend({ redisUrl, databaseUrl: database.url, namespace }, silent);
    opened.push(backend);
    return backend;
  };
  const open = async (own: Partial<UpkeepDeps> = {}): Promise<{ backend: QueueBackend; upkeep: Upkeep }> => {
    const backend = await openBackend();
    const upkeep = await openUpkeep(deps(backend, own));
    opened.push(upkeep);
    return { backend, upkeep };
  };

  it.skipIf(skipped)('assembles a recording once its call has ended', async () => {
    const [call] = await finishedCalls(database.db, { endedAt: [new Date()], directory });
    if (call === undefined) throw new Error('a call is needed');
    const { upkeep } = await open();
    await upkeep.recordingEnded(call.id);
    await upkeep.recordingEnded(call.id);
    const { assembled, transcriptText } = recordingFiles(directory, call.id);
    await vi.waitFor(
      async () => expect(await findCall(database.db, call.id)).toMatchObject({ assembledPath: assembled }),
      { timeout: DEADLINE_MS, interval: 50 },
    );
    expect((await readFile(assembled)).length).toBeGreaterThan(44);
    expect(await readFile(transcriptText, 'utf8')).toContain('Contact: oui je vous écoute → affirm');
  });

  it.skipIf(skipped)(
    'schedules each purge once, however many workers there are, and carries it out',
    async () => {
      const old = new Date(Date.now() - 100 * 86_400_000);
      const [call] = await finishedCalls(database.db, { endedAt: [old], directory });
      if (call === undefined) throw new Error('a call is needed');
      const { backend } = await open();
      await open();
      await open({ directory: null });
      for (const name of ['recordings', 'retention'] as const) {
        expect(await backend.upkeepQueue(name).getJobSchedulers()).toHaveLength(1);
      }
      await vi.waitFor(
        async () =>
          expect(await findCall(database.db, call.id)).toMatchObject({
            ...{ recordingPath: null, transcription: null, recordingPurgedAt: expect.any(Date) as Date },
          }),
        { timeout: DEADLINE_MS, interval: 50 },
      );
    },
  );

  it.skipIf(skipped)('leaves recordings to a worker that sees them', async () => {
    const [call] = await finishedCalls(database.db, { endedAt: [new Date()], directory });
    if (call === undefined) throw new Error('a call is needed');
    // The paths are the same on every machine; here the folder is missing.
    const away = path.join(directory, 'away');
    const blind = await open({ directory: away });
    await blind.upkeep.recordingEnded(call.id);
    const queue = blind.backend.upkeepQueue('recordings');
    expect(await queue.getJobCountByTypes('delayed', 'waiting', 'active')).toBeGreaterThan(0);
    await open();
    await vi.waitFor(
      async () => expect((await findCall(database.db, call.id))?.assembledPath).not.toBeNull(),
      { timeout: DEADLINE_MS, interval: 50 },
    );
  });
});

describe('a job of upkeep', () => {
  let backend: QueueBackend;
  beforeEach(async () => {
    const namespace = `test_${randomUUID().slice(0, 8)}`;
    backend = await openQueueBackend({ redisUrl: null, databaseUrl: database.url, namespace }, silent);
  });
  afterEach(() => backend.close());

  const run = (data: UpkeepJobData, attempt: number) =>
    createUpkeepProcessor(
      deps(backend),
      new AbortController().signal,
    )({
      ...{ data, attemptsMade: attempt - 1, opts: { attempts: 6 }, updateProgress: () => Promise.resolve() },
    } as unknown as UpkeepJob); // What the processor reads of it.

  it('tries again where the switch has written no file, then says so with the call', async () => {
    const [call] = await finishedCalls(database.db, { endedAt: [new Date()], directory });
    if (call === undefined) throw new Error('a call is needed');
    await rm(call.recordingPath ?? '');
    const data = { task: 'assemble' as const, callId: call.id };
    await expect(run(data, 1)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await findCall(database.db, call.id)).toMatchObject({ recordingProblem: null });
    await expect(run(data, 6)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await findCall(database.db, call.id)).toMatchObject({
      ...{ recordingProblem: 'the switch wrote no file', recordingPath: call.recordingPath },
    });
  });

  it('does nothing for a person who was erased meanwhile, and leaves no file of theirs', async () => {
    const [call] = await finishedCalls(database.db, { endedAt: [new Date()], directory });
    if (call === undefined || call.subject === null) throw new Error('a call is needed');
    await writeFile(recordingFiles(directory, call.id).transcriptText, 'oui');
    await erasePerson(
      database.db,
      { phone: call.phone, subject: call.subject },
      ({ callId, path: recordedAt }) => removeRecording(directory, { callId, recordedAt }),
    );
    expect(await run({ task: 'assemble', callId: call.id }, 1)).toEqual({ outcome: 'nothing-to-do' });
    await expect(readFile(recordingFiles(directory, call.id).transcriptText)).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('has recordings assembled whose jobs were lost', async () => {
    const longAgo = new Date(Date.now() - 3_600_000);
    const [lost] = await finishedCalls(database.db, { endedAt: [longAgo, new Date()], directory });
    expect(await run({ task: 'purge-recordings' }, 1)).toMatchObject({ requeued: 1, recordings: 0 });
    const jobs = await backend.upkeepQueue('recordings').getDelayed();
    expect(jobs.map(({ data }) => data)).toEqual([{ task: 'assemble', callId: lost?.id }]);
  });

  it('refuses what it cannot read', async () => {
    await expect(run({ task: 'paint' } as unknown as UpkeepJobData, 1)).rejects.toMatchObject({
      code: 'job_invalid',
    });
  });
});
