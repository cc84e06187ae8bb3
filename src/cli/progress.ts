import type { Output } from './terminal.ts';

const BAR_WIDTH = 28;
const NARROW_BAR_WIDTH = 14;
const REDRAW_MS = 100;
/** Before that, a rate says nothing. */
const PACE_AFTER_MS = 2_000;
const DEFAULT_COLUMNS = 80;
const CLEAR_LINE = '\r\u001b[2K';

/** A bar on the terminal's last line while long work goes on; nothing at all where there is no terminal. */
export class ProgressBar {
  private drawnAtMs = Number.NEGATIVE_INFINITY;
  private begun: { atMs: number; done: number } | null = null;
  private isShown = false;

  constructor(
    private readonly output: Output,
    private readonly label: string,
    private readonly nowMs: () => number,
  ) {}

  /** May be called as often as one likes: it is redrawn a few times a second. */
  update(done: number, total: number): void {
    const nowMs = this.nowMs();
    this.begun ??= { atMs: nowMs, done };
    const { begun } = this;
    this.redraw(() => this.draw(done, total, nowMs - begun.atMs, done - begun.done));
  }

  /** A line of the caller's own in place of the bar. */
  showLine(line: string): void {
    this.redraw(() => line.slice(0, this.width() - 1));
  }

  private redraw(draw: () => string): void {
    const nowMs = this.nowMs();
    if (this.output.isTTY !== true || nowMs - this.drawnAtMs < REDRAW_MS) return;
    this.drawnAtMs = nowMs;
    this.isShown = true;
    this.output.write(CLEAR_LINE + draw());
  }

  /** With rows per second and the time left, once they can be told. */
  private draw(done: number, total: number, elapsedMs: number, doneSince: number): string {
    const width = this.width() - 1;
    if (elapsedMs < PACE_AFTER_MS || doneSince <= 0)
      return drawProgress(this.label, done, total).slice(0, width);
    const perSecond = (doneSince * 1000) / elapsedMs;
    const pace = ` ${Math.round(perSecond)}/s`;
    const left = total > done ? ` ETA ${minutes((total - done) / perSecond)}` : '';
    const line = drawProgress(this.label, done, total) + pace + left;
    if (line.length <= width) return line;
    return (drawProgress(this.label, done, total, NARROW_BAR_WIDTH) + pace + left).slice(0, width);
  }

  /** Some terminals say 0 for “unknown”. */
  private width(): number {
    const columns = this.output.columns ?? 0;
    return columns > 0 ? columns : DEFAULT_COLUMNS;
  }

  /** Takes it off the screen. May be called twice. */
  clear(): void {
    if (this.isShown) this.output.write(CLEAR_LINE);
    this.isShown = false;
  }
}

/** `1:05` for 65 s. */
function minutes(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** `Importing [███░░░] 32/50 (64%)`; without a total, what is done so far. */
export function drawProgress(label: string, done: number, total: number, barWidth = BAR_WIDTH): string {
  if (total <= 0) return done > 0 ? `${label} ${done} …` : `${label} …`;
  const share = Math.min(1, Math.max(0, done / total));
  const filled = Math.floor(share * barWidth);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  return `${label} [${bar}] ${done}/${total} (${Math.floor(share * 100)}%)`;
}
