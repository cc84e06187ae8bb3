import type { CallLegEvent, LegEnd, PlaybackOutcome } from '../../src/call-engine/events.ts';
import type {
  AudioReach,
  CallLeg,
  LiveChannel,
  OriginateRequest,
  Telephony,
} from '../../src/call-engine/ports.ts';

/** What a leg was ordered to do, in order. */
export type LegOrder =
  | { order: 'start-audio' }
  | { order: 'play'; playbackId: string; audioPath: string }
  | { order: 'pause' | 'resume' | 'stop'; playbackId: string }
  | { order: 'record'; path: string }
  | { order: 'hang-up' }
  | { order: 'close' };

const ANSWERED_END: LegEnd = {
  hangupCause: 'NORMAL_CLEARING',
  sipStatus: 200,
  unanswered: null,
  rang: true,
  answered: true,
  endedBy: 'callee',
};

/** A leg under the test's control: it records orders, and the test says what happens. */
export class FakeLeg implements CallLeg {
  readonly orders: LegOrder[] = [];
  readonly channelUuid: string;
  private hasEnded = false;

  constructor(
    readonly request: OriginateRequest,
    private readonly hangsUpWhenTold: boolean,
  ) {
    this.channelUuid = request.channelUuid;
  }

  /** The playbacks ordered so far. */
  get played(): { playbackId: string; audioPath: string }[] {
    return this.orders.filter((order) => order.order === 'play');
  }

  emit(event: CallLegEvent): void {
    this.request.onEvent(event);
  }

  ring(): void {
    this.emit({ type: 'leg-ringing', atMs: performance.now() });
  }

  answer(): void {
    this.emit({ type: 'leg-answered', atMs: performance.now() });
    this.emit({ type: 'audio-started', atMs: performance.now(), sampleRateHz: 8000 });
  }

  hear(frame: Int16Array): void {
    this.emit({ type: 'audio-frame', atMs: performance.now(), samples: frame });
  }

  /** The prompt ordered last begins to sound. */
  startPrompt(): void {
    this.emit({ type: 'playback-started', atMs: performance.now(), playbackId: this.lastPlaybackId() });
  }

  finishPrompt(outcome: PlaybackOutcome = 'completed'): void {
    this.emit({
      type: 'playback-finished',
      atMs: performance.now(),
      playbackId: this.lastPlaybackId(),
      outcome,
      playedMs: null,
    });
  }

  end(end: Partial<LegEnd> = {}): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.emit({ type: 'leg-ended', atMs: performance.now(), ...ANSWERED_END, ...end });
  }

  startAudio(): void {
    this.orders.push({ order: 'start-audio' });
  }

  play(prompt: { playbackId: string; audioPath: string }): void {
    this.orders.push({ order: 'play', ...prompt });
  }

  pausePlayback(playbackId: string): void {
    this.orders.push({ order: 'pause', playbackId });
    this.emit({ type: 'playback-paused', atMs: performance.now(), playbackId });
  }

  resumePlayback(playbackId: string): void {
    this.orders.push({ order: 'resume', playbackId });
    this.emit({ type: 'playback-resumed', atMs: performance.now(), playbackId });
  }

  stopPlayback(playbackId: string): void {
    this.orders.push({ order: 'stop', playbackId });
    this.emit({
      type: 'playback-finished',
      atMs: performance.now(),
      playbackId,
      outcome: 'stopped',
      playedMs: 0,
    });
  }

  startRecording({ path }: { path: string }): void {
    this.orders.push({ order: 'record', path });
    this.emit({ type: 'recording-started', atMs: performance.now(), path });
  }

  hangUp(): void {
    this.orders.push({ order: 'hang-up' });
    if (this.hangsUpWhenTold) this.end({ endedBy: 'us' });
  }

  close(): Promise<void> {
    this.orders.push({ order: 'close' });
    return Promise.resolve();
  }

  private lastPlaybackId(): string {
    const last = this.played.at(-1);
    if (last === undefined) throw new Error('no prompt was ordered');
    return last.playbackId;
  }
}

/** A switch that does nothing by itself. `hangsUpWhenTold: false` makes it deaf to hangups. */
export class FakeTelephony implements Telephony {
  readonly legs: FakeLeg[] = [];

  constructor(private readonly options: { hangsUpWhenTold: boolean } = { hangsUpWhenTold: true }) {}

  originate(request: OriginateRequest): FakeLeg {
    const leg = new FakeLeg(request, this.options.hangsUpWhenTold);
    this.legs.push(leg);
    return leg;
  }

  listChannels(): Promise<LiveChannel[]> {
    return Promise.resolve([]);
  }

  channelExists(): Promise<boolean> {
    return Promise.resolve(false);
  }

  hangUpChannel(): Promise<void> {
    return Promise.resolve();
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  isReady(): boolean {
    return true;
  }

  probeAudio(): Promise<AudioReach> {
    return Promise.resolve({ result: 'arrives', reason: null });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
