import Table from 'cli-table3';
import pc from 'picocolors';
import type { Config } from '../src/config.ts';
import type { ContactReport } from '../src/db/campaign-report.ts';
import type { CallInteraction } from '../src/db/schema.ts';
import { percentile } from '../src/percentile.ts';
import type { CastMember } from './cast.ts';
import type { DemoOutcome } from './run-campaign.ts';

/** One line of the final table. */
export interface DemoRow {
  phone: string;
  name: string;
  persona: string;
  attempts: number;
  attemptResults: string[];
  result: string | null;
  expected: CastMember['expected'];
  asExpected: boolean;
  amd: string | null;
  steps: string[];
  heard: {
    step: string;
    text: string;
    intent: string;
    method: string;
    bargeIn: boolean;
    /** End of speech → next prompt; null where none followed. */
    totalMs: number | null;
  }[];
  latencies: { bargeInMs: number[]; asrMs: number[]; intentMs: number[]; totalMs: number[] };
}

type LatencyName = keyof DemoRow['latencies'];

export interface DemoReport {
  asExpected: boolean;
  campaignSeconds: number;
  rows: DemoRow[];
  latencies: Record<LatencyName, { targetMs: number; p50: number | null; p95: number | null; count: number }>;
}

export function buildReport(outcome: DemoOutcome, cast: readonly CastMember[]): DemoReport {
  const rows = cast.map((member) => rowFor(member, outcome.report));
  return {
    asExpected: rows.every((row) => row.asExpected),
    campaignSeconds: Math.round(outcome.campaignMs / 100) / 10,
    rows,
    latencies: summarise(rows, outcome.config.latencyTargets),
  };
}

function rowFor(member: CastMember, contacts: readonly ContactReport[]): DemoRow {
  const found = contacts.find(({ contact }) => contact.phone === member.phone);
  const attempts = found?.attempts ?? [];
  const turns = attempts.flatMap((attempt) => attempt.turns);
  const result = found?.campaignContact.result ?? null;
  return {
    phone: member.phone,
    name: `${member.firstName} ${member.lastName}`,
    persona: member.persona,
    attempts: attempts.length,
    attemptResults: attempts.map((attempt) => attempt.result ?? attempt.status),
    result,
    expected: member.expected,
    asExpected: result === member.expected.result && attempts.length === member.expected.attempts,
    amd: attempts.at(-1)?.amdResult ?? null,
    steps: attempts.at(-1)?.steps ?? [],
    heard: turns
      .filter((turn) => turn.transcription !== '')
      .map((turn) => ({
        step: turn.step,
        text: turn.transcription,
        intent: turn.intent,
        method: turn.processingMethod,
        bargeIn: turn.bargeInDetected,
        totalMs: turn.totalLatencyMs === null ? null : Math.round(turn.totalLatencyMs),
      })),
    latencies: {
      bargeInMs: known(turns, (turn) => turn.bargeInLatencyMs),
      asrMs: known(turns, (turn) => turn.asrLatencyMs),
      intentMs: known(turns, (turn) => turn.intentLatencyMs),
      totalMs: known(turns, (turn) => turn.totalLatencyMs),
    },
  };
}

function known(turns: readonly CallInteraction[], read: (turn: CallInteraction) => number | null): number[] {
  return turns.map(read).filter((value) => value !== null);
}

function summarise(rows: readonly DemoRow[], targets: Config['latencyTargets']): DemoReport['latencies'] {
  const of = (name: LatencyName) => {
    const values = rows.flatMap((row) => row.latencies[name]);
    return {
      targetMs: targets[name],
      p50: wholeMs(percentile(values, 0.5)),
      p95: wholeMs(percentile(values, 0.95)),
      count: values.length,
    };
  };
  return { bargeInMs: of('bargeInMs'), asrMs: of('asrMs'), intentMs: of('intentMs'), totalMs: of('totalMs') };
}

function wholeMs(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

const WIDE_TERMINAL = 140;

/** Colours are ours to choose: none where the output is no terminal. No rules between rows: more fits on a screen. */
const PLAIN = {
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};

export function printReport(report: DemoReport, output: NodeJS.WriteStream): void {
  const columns = output.isTTY ? output.columns : 160;
  const people = columns >= WIDE_TERMINAL ? table(report, columns) : list(report);
  output.write(`\n${people}\n\n${latencies(report)}\n\n${verdict(report)}\n`);
}

function table({ rows }: DemoReport, columns: number): string {
  const titles = ['', 'Contact', 'Persona', 'Tries', 'Outcome', 'Steps', 'Heard', 'Turn ms'];
  const drawn = new Table({
    ...PLAIN,
    head: titles.map((title) => pc.bold(title)),
    wordWrap: true,
    colWidths: [3, 18, 24, 19, 19, 24, columns - 126, 10],
  });
  for (const row of rows) {
    drawn.push([
      mark(row),
      row.name,
      row.persona,
      row.attemptResults.join('\n'),
      outcome(row),
      row.steps.join(' → '),
      row.heard.map(said).join('\n'),
      row.heard.map(({ totalMs }) => totalMs ?? '–').join(' '),
    ]);
  }
  return drawn.toString();
}

/** The same for a terminal too narrow for the table: a few lines for each contact. */
function list({ rows }: DemoReport): string {
  return rows.map(lines).join('\n');
}

function lines(row: DemoRow): string {
  const tries =
    row.attempts > 1 ? ` ${pc.dim(`(${row.attempts} tries: ${row.attemptResults.join(', ')})`)}` : '';
  return [
    `${mark(row)} ${pc.bold(row.name)}, ${row.persona}: ${outcome(row)}${tries}`,
    ...(row.steps.length > 0 ? [`    ${pc.cyan(row.steps.join(' → '))}`] : []),
    ...row.heard.map(
      (turn) => `    ${said(turn)}${turn.totalMs === null ? '' : pc.dim(` ${turn.totalMs} ms`)}`,
    ),
  ].join('\n');
}

function mark({ asExpected }: DemoRow): string {
  return asExpected ? pc.green('✔') : pc.red('✘');
}

function outcome({ asExpected, result, expected }: DemoRow): string {
  const shown = result ?? 'none';
  return asExpected ? shown : pc.red(`${shown} (${expected.result} expected)`);
}

function said({ text, intent, bargeIn }: DemoRow['heard'][number]): string {
  return `« ${text} » ${bargeIn ? '✂ ' : ''}${intent}`;
}

const LATENCY_LABELS: Record<LatencyName, string> = {
  bargeInMs: 'barge-in: speech onset → prompt silent',
  asrMs: 'asr: end of speech → transcript',
  intentMs: 'intent: transcript → intent',
  totalMs: 'total: end of speech → next prompt',
};

function latencies(report: DemoReport): string {
  const drawn = new Table({
    ...PLAIN,
    head: ['Latency', 'Turns', 'p50', 'p95', 'Target'].map((title) => pc.bold(title)),
  });
  for (const [name, label] of Object.entries(LATENCY_LABELS)) {
    const { targetMs, p50, p95, count } = report.latencies[name as LatencyName];
    const isMet = p95 !== null && p95 <= targetMs;
    drawn.push([
      label,
      count,
      show(p50),
      isMet ? pc.green(show(p95)) : pc.yellow(show(p95)),
      `${targetMs} ms`,
    ]);
  }
  return drawn.toString();
}

function show(ms: number | null): string {
  return ms === null ? '–' : `${ms} ms`;
}

function verdict({ asExpected, rows, campaignSeconds }: DemoReport): string {
  const wrong = rows.filter((row) => !row.asExpected).length;
  return asExpected
    ? pc.green(
        `All ${rows.length} outcomes are what their personas should produce (campaign: ${campaignSeconds} s).`,
      )
    : pc.red(`${wrong} of ${rows.length} outcomes are not what their personas should produce.`);
}
