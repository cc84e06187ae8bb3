import { writeFile } from 'node:fs/promises';
import { upsertTurns } from '../../src/db/call-interactions.ts';
import { upsertLines } from '../../src/db/call-lines.ts';
import { completeAttempt, findCall, reserveAttempt } from '../../src/db/calls.ts';
import { storeProgress, foldEntries } from '../../src/db/call-progress.ts';
import type { Executor } from '../../src/db/client.ts';
import type { Call } from '../../src/db/schema.ts';
import { recordingFiles } from '../../src/recordings/recording-files.ts';
import { createRunningCampaign, reservation } from './campaign-fixture.ts';
import { toneWav } from './wav.ts';

/** Finished calls, one for each of `endedAt`, of one campaign: with words, and with a recording in `directory` if there is one. */
export async function finishedCalls(
  db: Executor,
  { endedAt, directory }: { endedAt: readonly Date[]; directory: string | null },
): Promise<Call[]> {
  const { campaignId, contacts } = await createRunningCampaign(db, { size: endedAt.length });
  return Promise.all(
    contacts.map(async (contact, index) => {
      const { call } = await reserveAttempt(db, reservation(campaignId, contact));
      return finish(db, call, { endedAt: endedAt[index] ?? new Date(), directory });
    }),
  );
}

async function finish(
  db: Executor,
  call: Call,
  { endedAt, directory }: { endedAt: Date; directory: string | null },
): Promise<Call> {
  const at = new Date(endedAt.getTime() - 5000);
  const path = directory === null ? null : recordingFiles(directory, call.id).stereo;
  await storeProgress(
    db,
    call,
    foldEntries(
      [
        { type: 'answered', at },
        { type: 'partial-heard', at, text: 'oui je' },
        ...(path === null ? [] : [{ type: 'recording-started' as const, path, sinceAnswerMs: 1200 }]),
      ],
      [],
    ),
  );
  await upsertTurns(db, call.id, [
    {
      at,
      turn: {
        ...{
          turnNumber: 1,
          step: 'hello',
          transcript: 'oui je vous écoute',
          asrConfidence: 0.9,
          speechNumber: 1,
        },
        ...{ intent: 'affirm', intentConfidence: 0.95, processingMethod: 'local', bargeIn: false },
        ...{ objectionId: null, nextStep: 'bye' },
        latencies: {
          ...{
            bargeInMs: null,
            asrMs: 210.4,
            intentMs: 3,
            totalMs: 1400,
            endpointingMs: 460,
            responseMs: 70,
          },
        },
      },
    },
  ]);
  const prompt = { number: 1, step: 'hello', text: 'Bonjour Camille.', startedMs: 20, endedMs: 1180 };
  await upsertLines(db, call.id, {
    prompts: [{ ...prompt, heardMs: 1160, completed: true }],
    speech: [
      {
        ...{ number: 1, text: 'oui je vous écoute', startedMs: 1500, endedMs: 2400, confidence: 0.9 },
        words: [{ word: 'oui', startMs: 1500, endMs: 1700, confidence: 0.9 }],
      },
    ],
  });
  if (path !== null) await writeFile(path, toneWav(300));
  await completeAttempt(db, call, {
    ...{ result: 'success', endReason: 'scenario', hangupCause: 'NORMAL_CLEARING', sipStatus: 200 },
    ...{ counted: true, endedAt, recordingPath: path },
  });
  const finished = await findCall(db, call.id);
  if (finished === null) throw new Error('the call is gone');
  return finished;
}
