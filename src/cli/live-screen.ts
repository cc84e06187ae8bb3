import { createLogUpdate } from 'log-update';
import type { Output } from './terminal.ts';

const ENTER_FULL_SCREEN = '\u001b[?1049h';
const LEAVE_FULL_SCREEN = '\u001b[?1049l';
const CLEAR_AND_HOME = '\u001b[2J\u001b[H';
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/**
 * Lines on a terminal that are redrawn in place. `fullScreen` puts them on the terminal's second screen and leaves what was on
 * the first as it was; it is left again in `close`, or when the process ends before that.
 */
export class LiveScreen {
  private readonly update: ReturnType<typeof createLogUpdate>;
  private isOpen = false;
  private readonly leave = (): void => {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.update.done();
    if (this.options.fullScreen) this.output.write(LEAVE_FULL_SCREEN);
  };
  private readonly onResize = (): void => {
    // Lines that the terminal has wrapped anew are not where they were drawn.
    if (this.options.fullScreen) {
      this.update.clear();
      this.output.write(CLEAR_AND_HOME);
    }
    this.options.onResize();
  };

  constructor(
    private readonly output: Output,
    private readonly options: { fullScreen: boolean; onResize: () => void },
  ) {
    // Of a stream it uses what an `Output` has.
    this.update = createLogUpdate(output as unknown as NodeJS.WritableStream);
  }

  /** Columns and lines that may be drawn. Some terminals say 0 for “unknown”. */
  get size(): { width: number; height: number } {
    const { columns = 0, rows = 0 } = this.output;
    // The cursor stands below the last line.
    return {
      width: columns > 0 ? columns : DEFAULT_COLUMNS,
      height: (rows > 1 ? rows : DEFAULT_ROWS) - 1,
    };
  }

  draw(lines: readonly string[]): void {
    if (!this.isOpen) this.open();
    this.update(lines.join('\n'));
  }

  /** Takes the lines off the screen. May be called twice. */
  close(): void {
    this.output.off?.('resize', this.onResize);
    process.off('exit', this.leave);
    if (this.isOpen) this.update.clear();
    this.leave();
  }

  private open(): void {
    this.isOpen = true;
    process.once('exit', this.leave);
    this.output.on?.('resize', this.onResize);
    if (this.options.fullScreen) this.output.write(ENTER_FULL_SCREEN + CLEAR_AND_HOME);
  }
}
