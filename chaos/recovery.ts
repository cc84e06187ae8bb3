import type { Channel } from './channels.ts';
import type { StoredCampaign } from './judge-database.ts';
import type { Violation } from './judge-record.ts';

/** What a killed worker left behind. */
export interface KilledWorker {
  workerId: string;
  killedAtMs: number;
  /** Attempts that it had under way, as the database knew right after. */
  attempts: string[];
}

export interface RecoveryFigures {
  kills: number;
  attemptsLeftBehind: number;
  /** From the kill until the attempt's channel was gone, at the longest and in half of the cases. */
  channelGoneMs: { median: number; worst: number };
  /** … until its outcome was written. */
  outcomeWrittenMs: { median: number; worst: number };
}

/** SPEC: within a minute. */
const DEADLINE_MS = 60_000;

export function judgeRecovery(
  kills: readonly KilledWorker[],
  stored: StoredCampaign,
  channels: readonly Channel[],
): { violations: Violation[]; figures: RecoveryFigures } {
  const ends = new Map(channels.map(({ uuid, endedAtMs }) => [uuid, endedAtMs]));
  const channelGone: number[] = [];
  const outcomeWritten: number[] = [];
  const violations: Violation[] = [];
  const rule = 'a dead worker’s calls are dealt with within a minute';
  for (const { workerId, killedAtMs, attempts } of kills) {
    for (const uuid of attempts) {
      // An attempt without a channel was never dialled.
      const endedAtMs = ends.has(uuid) ? (ends.get(uuid) ?? Number.POSITIVE_INFINITY) : killedAtMs;
      const gone = Math.max(0, endedAtMs - killedAtMs);
      const written = (stored.attempts.get(uuid)?.endedAtMs ?? Number.POSITIVE_INFINITY) - killedAtMs;
      channelGone.push(gone);
      outcomeWritten.push(written);
      if (gone <= DEADLINE_MS && written <= DEADLINE_MS) continue;
      const evidence = `${uuid} of ${workerId}: channel gone after ${gone} ms, outcome after ${written} ms`;
      violations.push({ rule, evidence });
    }
  }
  return {
    violations,
    figures: {
      kills: kills.length,
      attemptsLeftBehind: outcomeWritten.length,
      channelGoneMs: spread(channelGone),
      outcomeWrittenMs: spread(outcomeWritten),
    },
  };
}

function spread(values: number[]): { median: number; worst: number } {
  const sorted = values.map(Math.round).sort((one, other) => one - other);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, worst: sorted.at(-1) ?? 0 };
}
