import { and, asc, eq, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { RECORDING_CUT_SHORT } from '../call-engine/ports.ts';
import type { Executor } from './client.ts';
import { calls } from './schema.ts';
import { storable } from './text.ts';

/** False when the call has no recording there any more. */
export async function noteAssembled(
  db: Executor,
  callId: string,
  { recordingPath, assembledPath }: { recordingPath: string; assembledPath: string },
): Promise<boolean> {
  const noted = await db
    .update(calls)
    .set({
      assembledPath,
      recordingProblem: sql`case when ${calls.recordingProblem} = ${RECORDING_CUT_SHORT} then ${calls.recordingProblem} end`,
    })
    .where(and(eq(calls.id, callId), eq(calls.recordingPath, recordingPath)))
    .returning({ id: calls.id });
  return noted.length > 0;
}

/** Why a call's recording could not be made ready for listening. */
export async function noteRecordingProblem(db: Executor, callId: string, problem: string): Promise<void> {
  await db
    .update(calls)
    .set({ recordingProblem: storable(problem) })
    .where(and(eq(calls.id, callId), isNotNull(calls.recordingPath)));
}

/** Calls that ended before `before` with a recording of which nothing has become, oldest first. */
export async function unfinishedRecordings(
  db: Executor,
  { before, limit }: { before: Date; limit: number },
): Promise<string[]> {
  const rows = await db
    .select({ id: calls.id })
    .from(calls)
    .where(
      and(
        isNotNull(calls.recordingPath),
        isNull(calls.assembledPath),
        or(isNull(calls.recordingProblem), eq(calls.recordingProblem, RECORDING_CUT_SHORT)),
        lt(calls.endedAt, before),
      ),
    )
    .orderBy(asc(calls.endedAt))
    .limit(limit);
  return rows.map(({ id }) => id);
}
