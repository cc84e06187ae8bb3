import { appendFile, readFile } from 'node:fs/promises';
import { OperatorError } from '../../errors.ts';
import { csvLine } from '../../exports/csv.ts';
import type { Messages } from '../language.ts';
import type { MonitorView } from './view.ts';

/** As docs/monitoring.md lists them; results beside these are in `other_results`. */
const RESULTS = [
  ...['success', 'not_interested', 'callback', 'opt_out', 'wrong_number', 'no_answer', 'busy', 'rejected'],
  ...[
    'invalid_number',
    'congestion',
    'timeout',
    'answering_machine',
    'hangup',
    'silence',
    'failed',
    'interrupted',
  ],
];
const HEAD = csvLine([
  ...[
    'at',
    'campaign_id',
    'status',
    'contacts',
    'done',
    'calls',
    'active',
    'retries_planned',
    'refused_by_gate',
  ],
  ...['avg_duration_s', 'calls_per_hour', 'finish_at', ...RESULTS, 'other_results'],
]);

/** A campaign's figures over time, appended to a file line by line, so that it can be followed and cut off at any moment. */
export class FigureLog {
  private constructor(
    readonly file: string,
    private readonly messages: Messages,
  ) {}

  /** Begins the file, or goes on with one of its kind. Rejects with an `OperatorError` when it is another or cannot be written. */
  static async open(file: string, messages: Messages): Promise<FigureLog> {
    const log = new FigureLog(file, messages);
    const begun = await readBeginning(file);
    if (begun !== '' && !begun.startsWith(HEAD)) {
      throw new OperatorError('csv_other', messages.live.monitor.csvOther(file));
    }
    await log.append(begun === '' ? HEAD : '');
    return log;
  }

  async add({ watch, outlook, readAt }: MonitorView): Promise<void> {
    const { campaign, byResult, refused } = watch;
    const known = RESULTS.map((result) => byResult[result] ?? 0);
    const rounded = (value: number | null): string => (value === null ? '' : String(Math.round(value)));
    const others = sum(Object.values(byResult)) - sum(known);
    await this.append(
      csvLine([
        readAt.toISOString(),
        ...[campaign.id, campaign.status, watch.total, watch.byState.done].map(String),
        ...[watch.attempts + watch.active, watch.active, watch.retries.planned].map(String),
        String(sum(Object.values(refused))),
        rounded(outlook.averageDurationMs === null ? null : outlook.averageDurationMs / 1000),
        rounded(outlook.callsPerHour),
        outlook.finishAt?.toISOString() ?? '',
        ...[...known, others].map(String),
      ]),
    );
  }

  private async append(text: string): Promise<void> {
    try {
      await appendFile(this.file, text);
    } catch (error) {
      throw new OperatorError('csv_unwritable', this.messages.live.monitor.csvUnwritable(this.file), {
        cause: error,
      });
    }
  }
}

/** `''` where there is no file yet; what cannot be read is met again when it is written. */
async function readBeginning(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, each) => total + each, 0);
}
