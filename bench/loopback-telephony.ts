import type { CallLegEvent } from '../src/call-engine/events.ts';
import type { CallLeg, OriginateRequest, Telephony } from '../src/call-engine/ports.ts';

/** Calls without a switch: answered at once, prompts that start at once and never end. Costs next to nothing. */
export class LoopbackTelephony implements Pick<Telephony, 'originate'> {
  readonly legs: LoopbackLeg[] = [];

  constructor(private readonly sampleRateHz: number) {}

  originate(request: OriginateRequest): LoopbackLeg {
    const leg = new LoopbackLeg(request, this.sampleRateHz);
    this.legs.push(leg);
    return leg;
  }
}

type Happening = CallLegEvent extends infer Event
  ? Event extends CallLegEvent
    ? Omit<Event, 'atMs'>
    : never
  : never;

export class LoopbackLeg implements CallLeg {
  readonly channelUuid: string;
  private hasEnded = false;

  constructor(
    private readonly request: OriginateRequest,
    private readonly sampleRateHz: number,
  ) {
    this.channelUuid = request.channelUuid;
  }

  answer(): void {
    this.tell({ type: 'leg-answered' });
  }

  hear(samples: Int16Array): void {
    this.tell({ type: 'audio-frame', samples });
  }

  startAudio(): void {
    this.tell({ type: 'audio-started', sampleRateHz: this.sampleRateHz });
  }

  play({ playbackId }: { playbackId: string }): void {
    this.tell({ type: 'playback-started', playbackId });
  }

  pausePlayback(playbackId: string): void {
    this.tell({ type: 'playback-paused', playbackId });
  }

  resumePlayback(playbackId: string): void {
    this.tell({ type: 'playback-resumed', playbackId });
  }

  stopPlayback(playbackId: string): void {
    this.tell({ type: 'playback-finished', playbackId, outcome: 'stopped', playedMs: null });
  }

  startRecording(): void {
    this.tell({ type: 'command-failed', command: 'record', detail: 'there is no switch' });
  }

  hangUp(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.tell({
      type: 'leg-ended',
      hangupCause: 'NORMAL_CLEARING',
      sipStatus: 200,
      unanswered: null,
      rang: true,
      answered: true,
      endedBy: 'us',
    });
  }

  close(): Promise<void> {
    this.hangUp();
    return Promise.resolve();
  }

  private tell(happening: Happening): void {
    this.request.onEvent({ ...happening, atMs: performance.now() });
  }
}
