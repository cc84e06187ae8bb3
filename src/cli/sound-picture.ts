import type { Heard, TurnHeard, Utterance } from '../hearing/hear-turns.ts';

type RowKind = 'time' | 'level' | 'voiced' | 'speech' | 'turn';

export interface PictureRow {
  kind: RowKind;
  text: string;
}

/** How much of the sound one column may be, finest first. */
const COLUMN_MS = [20, 40, 50, 100, 200, 250, 500, 1000, 2000, 4000];
/** A sound of half a minute is shown at 100 ms a column in 80 columns. */
const MAX_STRIPES = 4;
const LEVELS = '▁▂▃▄▅▆▇█';
const LOWEST_DBFS = -60;
const SHADES = '·░▒▓█';
/** Columns between two marks on the time axis, at least. */
const AXIS_COLUMNS = 10;
const AXIS_MS = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000];

/**
 * A sound as rows of text, no wider than `width`: level, voiced frames, utterances and turns over time. Long sounds are
 * broken into stripes, one below the other.
 */
export function drawSound(
  heard: Heard,
  { width, titles }: { width: number; titles: Readonly<Record<RowKind, string>> },
): PictureRow[][] {
  const titleColumns = Math.max(...Object.values(titles).map((title) => title.length)) + 2;
  const columns = Math.max(10, width - titleColumns);
  const totalMs = heard.frames.length * heard.frameMs;
  const columnMs =
    COLUMN_MS.find((ms) => ms >= heard.frameMs && Math.ceil(totalMs / ms) <= MAX_STRIPES * columns) ??
    Math.ceil(totalMs / (MAX_STRIPES * columns) / heard.frameMs) * heard.frameMs;
  const stripeMs = columns * columnMs;
  const stripes = Math.max(1, Math.ceil(totalMs / stripeMs));
  return Array.from({ length: stripes }, (_stripe, index) => {
    const startMs = index * stripeMs;
    const length = Math.min(columns, Math.ceil((totalMs - startMs) / columnMs));
    const column = (at: number): Column => ({
      startMs: startMs + at * columnMs,
      endMs: startMs + (at + 1) * columnMs,
    });
    const row = (kind: RowKind, cell: (column: Column) => string): PictureRow => ({
      kind,
      text: `${titles[kind].padEnd(titleColumns)}${Array.from({ length }, (_cell, at) => cell(column(at))).join('')}`.trimEnd(),
    });
    const time = { kind: 'time' as const, text: ' '.repeat(titleColumns) + axis(startMs, columnMs, length) };
    return [
      time,
      row('level', (at) => levelCell(heard, at)),
      row('voiced', (at) => voicedCell(heard, at)),
      row('speech', (at) => speechCell(heard.utterances, at)),
      row('turn', (at) => turnCell(heard.turns, at)),
    ];
  });
}

interface Column {
  startMs: number;
  endMs: number;
}

/** `0s`, `0.5s` where a mark stands. */
function axis(startMs: number, columnMs: number, length: number): string {
  const stepMs = AXIS_MS.find((ms) => ms / columnMs >= AXIS_COLUMNS) ?? 60_000;
  let line = '';
  for (let ms = Math.ceil(startMs / stepMs) * stepMs; ; ms += stepMs) {
    const at = Math.round((ms - startMs) / columnMs);
    const mark = `${Number((ms / 1000).toFixed(1))}s`;
    if (at + mark.length > length) return line;
    line = line.padEnd(at) + mark;
  }
}

/** The loudest frame of the column. */
function levelCell(heard: Heard, column: Column): string {
  const loudest = Math.max(...framesIn(heard, column).map(({ levelDbfs }) => levelDbfs));
  const share = (loudest - LOWEST_DBFS) / -LOWEST_DBFS;
  const index = Math.floor(Math.min(0.999, Math.max(0, share)) * LEVELS.length);
  return LEVELS.charAt(index);
}

/** How much of the column is voiced. */
function voicedCell(heard: Heard, column: Column): string {
  const frames = framesIn(heard, column);
  const share = frames.filter(({ isVoiced }) => isVoiced).length / Math.max(1, frames.length);
  return SHADES.charAt(Math.ceil(share * (SHADES.length - 1)));
}

function speechCell(utterances: readonly Utterance[], column: Column): string {
  return utterances.some((one) => overlaps(one.startMs, one.endMs, column)) ? '━' : ' ';
}

/** Its number, then what was said (`═`), then the pause until it was known to be over (`─┤`). */
function turnCell(turns: readonly TurnHeard[], column: Column): string {
  const ending = turns.find(({ decidedMs }) => decidedMs > column.startMs && decidedMs <= column.endMs);
  const starting = turns.find(({ startMs }) => startMs >= column.startMs && startMs < column.endMs);
  if (starting !== undefined) return String(starting.number % 10);
  if (ending !== undefined) return '┤';
  const open = turns.find((one) => overlaps(one.startMs, one.decidedMs, column));
  if (open === undefined) return ' ';
  return open.endMs > column.startMs ? '═' : '─';
}

function framesIn({ frames, frameMs }: Heard, { startMs, endMs }: Column): Heard['frames'] {
  return frames.slice(Math.floor(startMs / frameMs), Math.ceil(endMs / frameMs));
}

function overlaps(startMs: number, endMs: number, column: Column): boolean {
  return startMs < column.endMs && endMs > column.startMs;
}
