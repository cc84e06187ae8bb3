import type { Input } from '../command-context.ts';
import { CTRL_C, readKeys } from '../keys.ts';
import type { Messages } from '../language.ts';
import { LiveScreen } from '../live-screen.ts';
import type { Terminal } from '../terminal.ts';
import type { MonitorOutput } from './outputs.ts';
import { renderScreen } from './screen.ts';
import type { MonitorView } from './view.ts';

export type SteerVerb = 'pause' | 'resume';

export interface ScreenActions {
  /** Rejects with what went wrong. */
  steer: (verb: SteerVerb) => Promise<void>;
  quit: () => void;
  now: () => Date;
}

const TICK_MS = 1000;
/** A question is forgotten after this. */
const ARMED_MS = 5000;
/** What came of a key is shown for so long. */
const TOLD_MS = 5000;

/** The screen in place, with its keys. Times go on every second, between two looks at the database. */
export class ScreenOutput implements MonitorOutput {
  private readonly screen: LiveScreen;
  private readonly returnKeyboard: () => void;
  private readonly hasKeys: boolean;
  private readonly ticking: NodeJS.Timeout;
  private view: MonitorView | null = null;
  private showLiveCalls: boolean | null = null;
  private armed: { verb: SteerVerb; untilMs: number } | null = null;
  private told: { text: string; untilMs: number } | null = null;
  private isSteering = false;
  private isClosed = false;

  constructor(
    private readonly terminal: Terminal,
    stdin: Input,
    private readonly messages: Messages,
    private readonly actions: ScreenActions,
  ) {
    this.screen = new LiveScreen(terminal.stdout, { fullScreen: true, onResize: () => this.redraw() });
    this.hasKeys = stdin.isTTY === true;
    this.returnKeyboard = readKeys(stdin, (key) => this.onKey(key));
    this.ticking = setInterval(() => this.redraw(), TICK_MS);
  }

  show(view: MonitorView): void {
    this.showLiveCalls ??= view.showLiveCalls;
    this.view = view;
    this.redraw();
  }

  /** Leaves the last view among the terminal's lines. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearInterval(this.ticking);
    this.returnKeyboard();
    const { size } = this.screen;
    this.screen.close();
    if (this.view === null) return;
    const view = { ...this.view, showLiveCalls: this.showLiveCalls ?? false, message: null, hasKeys: false };
    for (const line of this.render(view, size)) this.terminal.print(line);
  }

  private redraw(): void {
    if (this.view === null || this.isClosed) return;
    const view: MonitorView = {
      ...this.view,
      now: this.actions.now(),
      showLiveCalls: this.showLiveCalls ?? false,
      message: this.message(),
      hasKeys: this.hasKeys,
    };
    this.screen.draw(this.render(view, this.screen.size));
  }

  private render(view: MonitorView, size: { width: number; height: number }): string[] {
    return renderScreen(view, size, { messages: this.messages, colors: this.terminal.colors });
  }

  private message(): string | null {
    const nowMs = this.actions.now().getTime();
    const { monitor: texts } = this.messages.live;
    if (this.armed !== null && nowMs < this.armed.untilMs) {
      return this.armed.verb === 'pause' ? texts.confirmPause : texts.confirmResume;
    }
    this.armed = null;
    return this.told !== null && nowMs < this.told.untilMs ? this.told.text : null;
  }

  private onKey(key: string): void {
    switch (key.toLowerCase()) {
      case 'q':
      case CTRL_C:
        this.actions.quit();
        return;
      case 'l':
        this.showLiveCalls = this.showLiveCalls !== true;
        break;
      case 'p':
        this.ask('pause');
        break;
      case 'r':
        this.ask('resume');
        break;
      default:
        this.armed = null;
    }
    this.redraw();
  }

  /** Pressed twice, it is done: a key that was hit by mistake neither stops a campaign nor calls people. */
  private ask(verb: SteerVerb): void {
    const status = this.view?.watch.campaign.status;
    if (this.isSteering || status !== (verb === 'pause' ? 'running' : 'paused')) return;
    const nowMs = this.actions.now().getTime();
    if (this.armed?.verb === verb && nowMs < this.armed.untilMs) {
      this.armed = null;
      void this.steer(verb);
    } else this.armed = { verb, untilMs: nowMs + ARMED_MS };
  }

  private async steer(verb: SteerVerb): Promise<void> {
    const { monitor: texts } = this.messages.live;
    this.isSteering = true;
    this.tell(texts.steering[verb], Number.POSITIVE_INFINITY);
    try {
      await this.actions.steer(verb);
      this.tell(texts.steered[verb], TOLD_MS);
    } catch (error) {
      this.tell(texts.steerFailed(error instanceof Error ? error.message : String(error)), TOLD_MS);
    } finally {
      this.isSteering = false;
    }
  }

  private tell(text: string, forMs: number): void {
    this.told = { text, untilMs: this.actions.now().getTime() + forMs };
    this.redraw();
  }
}
