import type { HourFigures, ResultFigures } from '../db/call-figures.ts';

/** What came of the exported calls, counted. */
export interface CampaignFigures {
  /** People whom a call was begun to. */
  contacts: number;
  calls: number;
  ended: number;
  answered: number;
  success: number;
  /** Of what each share is; null when there is none of it. */
  successRate: { ofCalls: number | null; ofAnswered: number | null; ofContacts: number | null };
  /** Of answered calls. */
  averageDurationMs: number | null;
  /** Most frequent first. */
  results: ResultRow[];
  /** In the order of time. */
  hours: TimeRow[];
  days: TimeRow[];
  /** From the earliest hour in which calls were begun to the latest, `09` to `19` say. */
  hoursOfDay: TimeRow[];
}

export interface ResultRow {
  /** Null: not ended yet. */
  result: string | null;
  calls: number;
  /** Of all calls. */
  share: number;
  answered: number;
  averageDurationMs: number | null;
  /** Calls by number of the attempt: the first, the second … */
  byAttempt: number[];
}

export interface TimeRow {
  /** `2026-11-26 14`, `2026-11-26` or `14`. */
  when: string;
  calls: number;
  answered: number;
  success: number;
}

const SUCCESS = 'success';

export function campaignFigures(
  byResult: readonly ResultFigures[],
  byHour: readonly HourFigures[],
  contacts: number,
): CampaignFigures {
  const calls = total(byResult, (row) => row.calls);
  const answered = total(byResult, (row) => row.answered);
  const ended = total(byResult, (row) => (row.result === null ? 0 : row.calls));
  const success = total(byResult, (row) => (row.result === SUCCESS ? row.calls : 0));
  const hours = byHour.map(({ hour, ...counts }) => ({ when: hour, ...counts }));
  return {
    ...{ contacts, calls, ended, answered, success },
    successRate: {
      ofCalls: share(success, ended),
      ofAnswered: share(success, answered),
      ofContacts: share(success, contacts),
    },
    averageDurationMs: share(
      total(byResult, (row) => row.durationMs),
      answered,
    ),
    results: resultRows(byResult, calls),
    hours,
    days: gather(hours, (when) => when.slice(0, 10)),
    hoursOfDay: withoutGaps(gather(hours, (when) => when.slice(11))),
  };
}

function resultRows(figures: readonly ResultFigures[], calls: number): ResultRow[] {
  const names = [...new Set(figures.map(({ result }) => result))];
  const attempts = Math.max(0, ...figures.map(({ attempt }) => attempt));
  return names.map((result) => {
    const own = figures.filter((row) => row.result === result);
    const ofResult = total(own, (row) => row.calls);
    const answered = total(own, (row) => row.answered);
    return {
      result,
      calls: ofResult,
      share: ofResult / calls,
      answered,
      averageDurationMs: share(
        total(own, (row) => row.durationMs),
        answered,
      ),
      byAttempt: Array.from({ length: attempts }, (_, n) =>
        total(own, (row) => (row.attempt === n + 1 ? row.calls : 0)),
      ),
    };
  });
}

function gather(hours: readonly TimeRow[], keyOf: (when: string) => string): TimeRow[] {
  const rows = new Map<string, TimeRow>();
  for (const { when, calls, answered, success } of hours) {
    const key = keyOf(when);
    const known = rows.get(key) ?? { when: key, calls: 0, answered: 0, success: 0 };
    known.calls += calls;
    known.answered += answered;
    known.success += success;
    rows.set(key, known);
  }
  return [...rows.values()];
}

function withoutGaps(known: readonly TimeRow[]): TimeRow[] {
  const hours = known.map(({ when }) => Number(when));
  const first = Math.min(...hours);
  return Array.from({ length: known.length === 0 ? 0 : Math.max(...hours) - first + 1 }, (_, index) => {
    const when = String(first + index).padStart(2, '0');
    return known.find((row) => row.when === when) ?? { when, calls: 0, answered: 0, success: 0 };
  });
}

function total<T>(rows: readonly T[], valueOf: (row: T) => number): number {
  return rows.reduce((sum, row) => sum + valueOf(row), 0);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
