import type { ComponentName } from '../../doctor/components.ts';
import { runDoctor, type ComponentReport, type DoctorReport } from '../../doctor/doctor.ts';
import type { Finding, Level } from '../../doctor/findings.ts';
import { fillIn } from '../../reasons.ts';
import type { CommandContext } from '../command-context.ts';
import { formatNumber } from '../format.ts';
import type { Messages } from '../language.ts';
import { ProgressBar } from '../progress.ts';
import { visible } from '../visible.ts';
import { wrap } from '../wrap.ts';

export interface DoctorCommandOptions {
  originate: boolean;
  /** Seconds. */
  timeout: number;
}

/** Above those of every command: 2 is a mistake in the command line. */
const EXIT_BY_LEVEL = { ok: 0, failed: 1, warning: 3 } as const;
const MARKS: Readonly<Record<Level, string>> = { ok: '✔', warning: '!', failed: '✘', skipped: '–' };

/** Checks every component, or those named, and says how to mend what is wrong. */
export async function runDoctorCommand(
  context: CommandContext,
  components: readonly ComponentName[],
  options: DoctorCommandOptions,
): Promise<number> {
  const { environment, messages, terminal, signal } = context;
  const bar = new ProgressBar(terminal.stderr, messages.operations.doctor.progress, () => performance.now());
  const startedMs = performance.now();
  const report = await runDoctor({
    environment,
    components,
    deadlineMs: options.timeout * 1000,
    originate: options.originate,
    signal,
    onProgress: (done, all) => bar.update(done, all),
  }).finally(() => bar.clear());
  const status = EXIT_BY_LEVEL[report.level];
  if (isLeftBehind(report)) context.leftBehind?.(status);
  if (context.json) {
    terminal.printJson({
      level: report.level,
      components: report.components.map(({ findings, ...rest }) => ({
        ...rest,
        findings: findings.map((each) => ({ ...each, ...textsOf(each, messages) })),
      })),
    });
  } else {
    for (const each of report.components) print(context, each);
    printSummary(context, report.components, performance.now() - startedMs);
  }
  return status;
}

/** A check that did not end may never end. */
function isLeftBehind({ components }: DoctorReport): boolean {
  return components.some(({ findings }) => findings.some(({ code }) => code === 'timed_out'));
}

function print({ terminal, messages }: CommandContext, report: ComponentReport): void {
  const { colors, stdout } = terminal;
  const names = messages.operations.doctor.components;
  const nameWidth = Math.max(...Object.values(names).map((name) => name.length));
  const indent = ' '.repeat(nameWidth + 4);
  // Some terminals say 0 for “unknown”; a file has no width.
  const width = stdout.isTTY === true ? Math.max(40, (stdout.columns ?? 0) || 80) : Number.POSITIVE_INFINITY;
  const mark = paintOf(report.level, colors)(MARKS[report.level]);
  const head = `${mark} ${names[report.component].padEnd(nameWidth)}  `;
  const took = `(${formatTook(report.durationMs, messages)})`;
  linesOf(report, took, messages, width - indent.length).forEach(({ text, level }, index) => {
    const paint = level === null ? (plain: string) => plain : paintOf(level, colors);
    const shown = text.endsWith(took)
      ? `${paint(text.slice(0, -took.length))}${colors.dim(took)}`
      : paint(text);
    terminal.print(`${index === 0 ? head : indent}${shown}`);
  });
}

/** `68 ms`, `1.3 s`; not broken between lines. */
function formatTook(durationMs: number, messages: Messages): string {
  return durationMs < 1000
    ? `${formatNumber(durationMs, messages)}${NO_BREAK}ms`
    : `${formatNumber(Math.round(durationMs / 100) / 10, messages)}${NO_BREAK}s`;
}

const NO_BREAK = '\u00a0';

interface Line {
  text: string;
  /** Null: not painted. */
  level: Level | null;
}

/** What is well in one paragraph, then every problem with what to do about it; how long it took ends the first of them. */
function linesOf({ findings }: ComponentReport, took: string, messages: Messages, width: number): Line[] {
  const found = (each: Finding): string => visible(textsOf(each, messages).found);
  const well = findings.filter(({ level }) => level === 'ok').map(found);
  const problems = findings.filter(({ level }) => level !== 'ok');
  return [
    ...(well.length === 0
      ? []
      : wrap(`${well.join(messages.operations.doctor.separator)} ${took}`, width)
    ).map((text) => ({ text, level: null })),
    ...problems.flatMap((each, index) => [
      ...wrap(well.length === 0 && index === 0 ? `${found(each)} ${took}` : found(each), width).map(
        (text) => ({
          text,
          level: each.level,
        }),
      ),
      ...mendLines(each, messages, width),
    ]),
  ];
}

function mendLines(each: Finding, messages: Messages, width: number): Line[] {
  const { mend } = textsOf(each, messages);
  if (mend === null) return [];
  return wrap(visible(mend), width - 2).map((text, index) => ({
    text: `${index === 0 ? '→' : ' '} ${text}`,
    level: null,
  }));
}

function paintOf(level: Level, colors: CommandContext['terminal']['colors']): (text: string) => string {
  switch (level) {
    case 'ok':
      return colors.green;
    case 'warning':
      return colors.yellow;
    case 'failed':
      return colors.red;
    case 'skipped':
      return colors.dim;
  }
}

/** In the reader's language. */
function textsOf({ code, values }: Finding, messages: Messages): { found: string; mend: string | null } {
  const template: { found: string; mend?: string } = messages.operations.findings[code];
  const shown = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' && name !== 'port' ? formatNumber(value, messages) : value,
    ]),
  );
  return {
    found: fillIn(template.found, shown),
    mend: template.mend === undefined ? null : fillIn(template.mend, shown),
  };
}

function printSummary(
  { terminal, messages }: CommandContext,
  components: readonly ComponentReport[],
  durationMs: number,
): void {
  const { doctor } = messages.operations;
  const count = (level: Level): number => components.filter((each) => each.level === level).length;
  const parts = [
    doctor.countOk(count('ok')),
    ...(count('warning') > 0 ? [doctor.countWarnings(count('warning'))] : []),
    ...(count('failed') > 0 ? [doctor.countFailed(count('failed'))] : []),
    ...(count('skipped') > 0 ? [doctor.countSkipped(count('skipped'))] : []),
  ];
  terminal.print();
  terminal.print(doctor.summary(parts.join(', '), formatNumber(Math.round(durationMs / 100) / 10, messages)));
}
