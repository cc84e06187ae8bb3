import Table from 'cli-table3';
import pc from 'picocolors';
import type { Environment } from '../config.ts';
import { visible } from './visible.ts';
import { fitLine } from './wrap.ts';

/** A standard stream. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  on?(event: 'error' | 'resize', listener: () => void): unknown;
  off?(event: 'error' | 'resize', listener: () => void): unknown;
}

type Painter = (text: string) => string;

/** Plain text is made safe to show; paint is applied after that. */
export type Cell = string | { text: string; paint: Painter };

/** No rules between rows: more fits on a screen. Colours are ours to choose. */
const TABLE_STYLE = {
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  chars: Object.fromEntries(
    [
      ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
      ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
    ].map((name) => [name, '']),
  ),
};

/** Where a command's output goes: results to standard output, everything about them to standard error. */
export class Terminal {
  /** For standard output. */
  readonly colors: ReturnType<typeof pc.createColors>;
  private readonly errorColors: ReturnType<typeof pc.createColors>;

  constructor(
    readonly stdout: Output,
    readonly stderr: Output,
    environment: Environment,
  ) {
    const mayPaint = (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
    this.colors = pc.createColors(mayPaint && stdout.isTTY === true);
    this.errorColors = pc.createColors(mayPaint && stderr.isTTY === true);
  }

  /** Instead of ending at once when nobody reads standard output any more. Returns what takes that back. */
  whenReaderGone(listener: () => void): () => void {
    this.stdout.on?.('error', listener);
    return () => void this.stdout.off?.('error', listener);
  }

  /** A line; on a terminal, broken between words where it is too long. */
  print(line = ''): void {
    this.stdout.write(`${fitLine(line, this.stdout)}\n`);
  }

  /** Like `print`, for text that holds what others wrote. */
  printLine(line: string): void {
    this.print(visible(line));
  }

  printJson(value: unknown): void {
    this.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  printTable(head: readonly string[], rows: readonly (readonly Cell[])[]): void {
    const table = new Table({ ...TABLE_STYLE, head: head.map((title) => this.colors.bold(title)) });
    for (const row of rows) table.push(row.map(paintCell));
    for (const line of table.toString().split('\n')) this.stdout.write(`${line.trimEnd()}\n`);
  }

  /** Lines of `label  value`; those whose value is null are left out. */
  printFacts(facts: readonly (readonly [label: string, value: string | null])[]): void {
    const width = Math.max(0, ...facts.map(([label]) => label.length));
    for (const [label, value] of facts) {
      if (value !== null) this.print(`${this.colors.dim(label.padEnd(width))}  ${visible(value)}`);
    }
  }

  printHeading(text: string): void {
    this.print(this.colors.bold(visible(text)));
  }

  /** `label` as a program's messages begin: `error: …`. */
  printError(label: string, message: string): void {
    this.complain(`${this.errorColors.red(label)} ${visible(message)}`);
  }

  printWarning(label: string, message: string): void {
    this.complain(`${this.errorColors.yellow(label)} ${visible(message)}`);
  }

  /** A remark beside the result, so that the result can be piped. */
  printNote(message: string): void {
    this.complain(this.errorColors.dim(visible(message)));
  }

  private complain(line: string): void {
    this.stderr.write(`${fitLine(line, this.stderr)}\n`);
  }
}

function paintCell(cell: Cell): string {
  return typeof cell === 'string' ? visible(cell) : cell.paint(visible(cell.text));
}
