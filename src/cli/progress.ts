import type { Output } from './terminal.ts';

const BAR_WIDTH = 28;
const REDRAW_MS = 100;
const DEFAULT_COLUMNS = 80;
const CLEAR_LINE = '\r\u001b[2K';

/** A bar on the terminal's last line while long work goes on; nothing at all where there is no terminal. */
export class ProgressBar {
  private drawnAtMs = Number.NEGATIVE_INFINITY;
  private isShown = false;

  constructor(
    private readonly output: Output,
    private readonly label: string,
    private readonly nowMs: () => number,
  ) {}

  /** May be called as often as one likes: it is redrawn a few times a second. */
  update(done: number, total: number): void {
    const nowMs = this.nowMs();
    if (this.output.isTTY !== true || nowMs - this.drawnAtMs < REDRAW_MS) return;
    this.drawnAtMs = nowMs;
    this.isShown = true;
    this.output.write(CLEAR_LINE + drawProgress(this.label, done, total).slice(0, this.width() - 1));
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

/** `Importing [███░░░] 32/50 (64%)`; without a total, what is done so far. */
export function drawProgress(label: string, done: number, total: number): string {
  if (total <= 0) return `${label} …`;
  const share = Math.min(1, Math.max(0, done / total));
  const filled = Math.floor(share * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  return `${label} [${bar}] ${done}/${total} (${Math.floor(share * 100)}%)`;
}
