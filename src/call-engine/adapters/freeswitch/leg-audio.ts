import type { AnsweredChannel, AudioModule } from './audio-modules.ts';
import type { AudioServer, AudioStream } from './audio-server.ts';
import type { EslCommand } from './esl-commands.ts';
import { LinkLostError } from './esl-connection.ts';
import type { EslEvent } from './esl-event.ts';

export interface LegAudioOptions {
  module: AudioModule;
  server: AudioServer;
  sampleRateHz: 8000 | 16000;
  /** From the start order to the switch's connection. */
  connectTimeoutMs: number;
  /**
   * A stream that the switch closes in good order usually means a hangup that is about to be told: so long the leg has
   * to end before the audio counts as lost.
   */
  closeGraceMs: number;
}

export interface LegAudioActions {
  send: (command: EslCommand) => Promise<string>;
  run: (command: EslCommand) => Promise<string>;
  onStarted: () => void;
  onFrame: (samples: Int16Array) => void;
  onLost: (reason: string) => void;
}

const NORMAL_CLOSURE = 1000;

/** One leg's audio from the switch: wanted, started once answered, lost, started again. */
export class LegAudio {
  private answered: AnsweredChannel | null = null;
  private isWanted = false;
  private stream: AudioStream | null = null;
  /** The stream that the switch was last told to start. */
  private orderedStream: AudioStream | null = null;
  /** The module keeps a stream attached after some ends: a new start needs a stop first. */
  private mayBeAttached = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly options: LegAudioOptions,
    private readonly actions: LegAudioActions,
  ) {}

  /** Starts now, or at the answer. */
  start(): void {
    this.isWanted = true;
    this.begin();
  }

  onAnswered(channel: AnsweredChannel): void {
    this.answered = channel;
    this.begin();
  }

  onEvent(event: EslEvent): void {
    const news = this.options.module.read(event.header('Event-Subclass') ?? '', event.body);
    // Late news of a stream before this one.
    if (news === null || this.stream === null || this.orderedStream !== this.stream) return;
    if (news.type === 'lost') this.lose(news.reason);
  }

  /** After a gap in the link: an order to start that was lost is given again. */
  recover(): void {
    this.begin();
  }

  /** Nothing more is told. Idempotent. */
  close(): void {
    this.isWanted = false;
    this.answered = null;
    this.drop();
  }

  private begin(): void {
    if (!this.isWanted || this.answered === null || this.stream !== null) return;
    const { server, connectTimeoutMs } = this.options;
    let hasAudio = false;
    const stream = server.expect({
      onFrame: (samples) => {
        if (this.stream !== stream) return;
        if (!hasAudio) {
          hasAudio = true;
          this.disarm();
          this.actions.onStarted();
        }
        this.actions.onFrame(samples);
      },
      onClosed: ({ code, reason }) => {
        if (this.stream === stream) this.onClosed(code, reason);
      },
    });
    this.stream = stream;
    this.arm(connectTimeoutMs, () =>
      this.lose(`no audio within ${connectTimeoutMs} ms of the order to start`),
    );
    void this.order(stream, this.answered);
  }

  private async order(stream: AudioStream, channel: AnsweredChannel): Promise<void> {
    const { module, sampleRateHz } = this.options;
    try {
      // Refused when nothing is attached, which is as good.
      if (this.mayBeAttached) await this.actions.run(module.stop(channel.uuid));
      if (this.stream !== stream) return;
      this.mayBeAttached = true;
      this.orderedStream = stream;
      const reply = await this.actions.send(module.start(channel, { url: stream.url, sampleRateHz }));
      if (this.stream === stream && !reply.startsWith('+OK')) {
        this.lose(`${module.moduleName} did not start: ${reply.trim()}`);
      }
    } catch (error) {
      if (this.stream !== stream || stream.isConnected()) return;
      // Still wanted: `recover` orders it again when the link is back.
      if (error instanceof LinkLostError) this.drop();
      else this.lose(error instanceof Error ? error.message : String(error));
    }
  }

  private onClosed(code: number, reason: string): void {
    const what = `the audio connection closed with ${code}${reason === '' ? '' : ` (${reason})`}`;
    if (code === NORMAL_CLOSURE) this.arm(this.options.closeGraceMs, () => this.lose(what));
    else this.lose(what);
  }

  private lose(reason: string): void {
    this.isWanted = false;
    this.drop();
    this.actions.onLost(reason);
  }

  private drop(): void {
    this.disarm();
    this.stream?.close();
    this.stream = null;
  }

  private arm(delayMs: number, onDeadline: () => void): void {
    this.disarm();
    this.timer = setTimeout(onDeadline, delayMs);
  }

  private disarm(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
