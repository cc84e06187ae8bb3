import { apart, beside, box, cutTo, fit } from '../box.ts';
import { formatNumber } from '../format.ts';
import { visible } from '../visible.ts';
import {
  callFacts,
  clock,
  factLine,
  latencyLine,
  liveCallLine,
  obstacleText,
  progressLine,
  resultLines,
  runningTime,
  type Drawing,
} from './sections.ts';
import type { MonitorView, Size } from './view.ts';

/** From here on two boxes stand next to each other. */
const TWO_COLUMNS_FROM = 76;
/** From here on there is room for a title of three lines, as v3 had it. */
const TALL_FROM = 34;
const FRAME = 2;
const FEWEST_LIVE = 1;
const FEWEST_RESULTS = 2;

/** Rows that each box holds; 0 leaves it out. */
interface Rows {
  facts: number;
  results: number;
  latencies: number;
  live: number;
}

/**
 * The screen, at most `height` lines of at most `width` columns. Pure. Where there is little room, results give way first, then
 * live calls, then latencies.
 */
export function renderScreen(view: MonitorView, size: Size, drawing: Drawing): string[] {
  const { width, height } = size;
  const { colors } = drawing;
  const inner = width - 4;
  const above = [...header(view, size, drawing), ...notices(view, width, drawing)];
  const progress = box(
    drawing.messages.live.monitor.progress,
    [progressLine(view, inner, drawing)],
    width,
    colors.dim,
  );
  const below = view.hasKeys || view.message !== null ? [footer(view, width, drawing)] : [];
  const content = contentOf(view, width, drawing);
  const rows = shareOut(content, width, height - above.length - progress.length - below.length);
  const lines = [
    ...above,
    ...progress,
    ...middle(content, rows, width, drawing),
    ...section(drawing.messages.live.monitor.latencies, content.latencies, rows.latencies, width, drawing),
    ...liveBox(view, content.live, rows.live, width, drawing),
    ...below,
  ];
  return lines.slice(0, height).map((line) => cutTo(line, width).trimEnd());
}

interface Content {
  facts: string[];
  results: string[];
  latencies: string[];
  /** Null: not asked for. */
  live: string[] | null;
}

function contentOf(view: MonitorView, width: number, drawing: Drawing): Content {
  const facts = callFacts(view, drawing).map((fact) => factLine(fact, drawing));
  const isWide = width >= TWO_COLUMNS_FROM;
  const latencies = latencyLine(view, drawing);
  const { watch, now, showLiveCalls } = view;
  return {
    facts: isWide ? facts : inPairs(facts, width - 4),
    results: resultLines(view, (isWide ? width - leftWidth(width) - 1 : width) - 4, drawing),
    latencies: latencies === null ? [] : [latencies],
    live: showLiveCalls ? watch.liveCalls.map((call) => liveCallLine(call, now, drawing)) : null,
  };
}

/** Two facts on a line where they fit. */
function inPairs(facts: readonly string[], width: number): string[] {
  const half = Math.ceil(facts.length / 2);
  const column = Math.floor(width / 2);
  return facts.slice(0, half).map((fact, index) => {
    const other = facts[half + index] ?? '';
    return `${fit(fact, column - 1)} ${other}`;
  });
}

function leftWidth(width: number): number {
  return Math.max(34, Math.floor(width * 0.4));
}

function shareOut(content: Content, width: number, height: number): Rows {
  const isWide = width >= TWO_COLUMNS_FROM;
  const rows: Rows = {
    facts: content.facts.length,
    results: content.results.length,
    latencies: content.latencies.length,
    live: content.live === null ? 0 : Math.max(FEWEST_LIVE, content.live.length),
  };
  const framed = (count: number): number => (count === 0 ? 0 : count + FRAME);
  const needed = (): number =>
    (isWide ? framed(Math.max(rows.facts, rows.results)) : framed(rows.facts) + framed(rows.results)) +
    framed(rows.latencies) +
    framed(rows.live);
  const shrink: [keyof Rows, number][] = [
    ['results', isWide ? rows.facts : FEWEST_RESULTS + 1],
    ['live', FEWEST_LIVE + 1],
    ['latencies', 0],
    ['results', FEWEST_RESULTS],
    ['live', FEWEST_LIVE],
    ['facts', 4],
    ['live', 0],
    ['results', 0],
    ['facts', 0],
  ];
  for (const [part, fewest] of shrink) {
    while (needed() > height && rows[part] > fewest) rows[part] -= 1;
  }
  return rows;
}

function header(view: MonitorView, { width, height }: Size, { messages, colors }: Drawing): string[] {
  const { monitor: texts } = messages.live;
  const { campaign } = view.watch;
  const title = texts.title(campaign.id, visible(campaign.name));
  const status = texts.statusLine(
    messages.campaign.statuses[campaign.status].toUpperCase(),
    runningTime(view),
    clock(view.readAt, messages),
  );
  if (height < TALL_FROM) {
    const brief = `${messages.campaign.statuses[campaign.status]}  ${runningTime(view)}  ${clock(view.readAt, messages)}`;
    return [apart(colors.bold(texts.briefTitle(campaign.id, visible(campaign.name))), brief, width)];
  }
  const edge = '═'.repeat(Math.max(0, width - 2));
  const centred = ' '.repeat(Math.max(0, Math.floor((width - 2 - title.length) / 2))) + title;
  return [`╔${edge}╗`, `║${colors.bold(fit(centred, width - 2))}║`, `╚${edge}╝`, status];
}

function notices(view: MonitorView, width: number, { messages, colors }: Drawing): string[] {
  const { monitor: texts } = messages.live;
  const away = view.awaySince === null ? [] : [texts.databaseAway(clock(view.awaySince, messages))];
  const obstacles = view.outlook.obstacles.map((obstacle) => obstacleText(obstacle, view, messages));
  return [...away, ...obstacles].map((text) => colors.yellow(cutTo(`! ${text}`, width)));
}

function middle(content: Content, rows: Rows, width: number, drawing: Drawing): string[] {
  const { monitor: texts } = drawing.messages.live;
  const { dim } = drawing.colors;
  const facts = content.facts.slice(0, rows.facts);
  const results = cutList(content.results, rows.results, (left) => texts.moreResults(left), drawing);
  if (width < TWO_COLUMNS_FROM) {
    return [
      ...(facts.length === 0 ? [] : box(texts.callStats, facts, width, dim)),
      ...(results.length === 0 ? [] : box(texts.results, results, width, dim)),
    ];
  }
  const height = Math.max(facts.length, results.length);
  if (height === 0) return [];
  const left = leftWidth(width);
  return beside(
    box(texts.callStats, filledUp(facts, height), left, dim),
    box(texts.results, filledUp(results, height), width - left - 1, dim),
  );
}

function section(
  title: string,
  lines: readonly string[],
  rows: number,
  width: number,
  { colors }: Drawing,
): string[] {
  return rows === 0 ? [] : box(title, lines.slice(0, rows), width, colors.dim);
}

function liveBox(
  { watch }: MonitorView,
  lines: readonly string[] | null,
  rows: number,
  width: number,
  drawing: Drawing,
): string[] {
  if (lines === null || rows === 0) return [];
  const { monitor: texts } = drawing.messages.live;
  const shown =
    lines.length === 0
      ? [drawing.colors.dim(texts.noLiveCalls)]
      : cutList(lines, rows, (left) => texts.moreCalls(left), drawing);
  const title = texts.liveCalls(formatNumber(watch.active, drawing.messages));
  return box(title, shown, width, drawing.colors.dim);
}

/** The first `rows` lines; where some are left out, the last one says how many. */
function cutList(
  lines: readonly string[],
  rows: number,
  more: (left: string) => string,
  { messages, colors }: Drawing,
): string[] {
  if (rows === 0 || lines.length <= rows) return lines.slice(0, rows);
  const left = lines.length - rows + 1;
  return [...lines.slice(0, rows - 1), colors.dim(more(formatNumber(left, messages)))];
}

function filledUp(lines: readonly string[], height: number): string[] {
  return Array.from({ length: height }, (_line, index) => lines[index] ?? '');
}

function footer(view: MonitorView, width: number, { messages, colors }: Drawing): string {
  if (view.message !== null) return cutTo(colors.yellow(view.message), width);
  const { keys } = messages.live.monitor;
  const { status } = view.watch.campaign;
  const named = [
    ...(status === 'running' ? [['p', keys.pause]] : []),
    ...(status === 'paused' ? [['r', keys.resume]] : []),
    ['l', keys.liveCalls],
    ['q', keys.quit],
  ];
  return named.map(([key, meaning]) => `${colors.bold(key ?? '')} ${colors.dim(meaning ?? '')}`).join('   ');
}
