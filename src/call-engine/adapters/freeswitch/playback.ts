import type { PlaybackOutcome } from '../../events.ts';
import { ARGUMENT_PREFIX, breakPlayback, playbackArgument, playFile, togglePause } from './esl-commands.ts';
import type { EslCommand } from './esl-commands.ts';
import { LinkLostError } from './esl-connection.ts';
import type { EslEvent, HeaderReader } from './esl-event.ts';

const MAX_BREAKS = 5;
const DEFAULT_RATE_HZ = 8000;

export interface PlaybackTimeouts {
  /** From the order at the head of the queue to PLAYBACK_START. */
  playbackStartMs: number;
  /** From uuid_break to PLAYBACK_STOP, before it is sent again. */
  playbackBreakMs: number;
}

/** What a leg's playbacks do to the world. */
export interface PlaybackActions {
  /** Resolves with the switch's answer; rejects when the link drops. */
  send: (command: EslCommand) => Promise<string>;
  onStarted: (playbackId: string) => void;
  onPaused: (playbackId: string) => void;
  onResumed: (playbackId: string) => void;
  onFinished: (playbackId: string, outcome: PlaybackOutcome, playedMs: number | null) => void;
  onCommandFailed: (command: string, detail: string) => void;
}

interface Playback {
  readonly id: string;
  /** As given to the switch: both PLAYBACK events repeat it. */
  readonly argument: string;
  hasStarted: boolean;
  isPaused: boolean;
  /** A toggle is under way: its outcome decides what comes next. */
  isToggling: boolean;
  wantsPause: boolean;
  wantsStop: boolean;
  breaks: number;
  timer: NodeJS.Timeout | null;
}

/**
 * The prompts of one leg, in order. The switch plays one at a time (event-lock) and knows neither "stop this one" nor
 * "pause": it breaks or toggles whatever plays at that moment, and forgets an order that comes before the start. So each
 * playback carries what is wanted of it, and the orders are sent when it is known to be playing.
 */
export class Playbacks {
  private queue: Playback[] = [];

  constructor(
    private readonly channelUuid: string,
    private readonly timeouts: PlaybackTimeouts,
    private readonly actions: PlaybackActions,
  ) {}

  play(playbackId: string, path: string): void {
    const argument = playbackArgument(playbackId, path);
    const command = playFile(this.channelUuid, playbackId, argument);
    const playback: Playback = {
      id: playbackId,
      argument,
      hasStarted: false,
      isPaused: false,
      isToggling: false,
      wantsPause: false,
      wantsStop: false,
      breaks: 0,
      timer: null,
    };
    this.queue.push(playback);
    this.watchHead();
    this.order(playback, 'play', command, () => undefined);
  }

  pause(playbackId: string): void {
    this.want(playbackId, (playback) => (playback.wantsPause = true));
  }

  resume(playbackId: string): void {
    this.want(playbackId, (playback) => (playback.wantsPause = false));
  }

  stop(playbackId: string): void {
    this.want(playbackId, (playback) => (playback.wantsStop = true));
  }

  onEvent(event: EslEvent): void {
    switch (event.name) {
      case 'PLAYBACK_START':
        this.onStart(this.byArgument(event.header('Playback-File-Path')));
        this.silenceForgotten(event.header('Playback-File-Path'));
        return;
      case 'PLAYBACK_STOP':
        this.onStop(this.byArgument(event.header('Playback-File-Path')), event.header);
        return;
      case 'CHANNEL_EXECUTE_COMPLETE':
        this.onComplete(this.byArgument(event.header('Application-Data')), event.header);
        return;
    }
  }

  /** After a gap in the events: what a dump of the channel says became of the playbacks. */
  recover(dump: HeaderReader): void {
    const current = dump('variable_current_application_data');
    const response = dump('variable_current_application_response');
    const isSomethingPlaying = response === null && this.byArgument(current) !== null;
    for (const playback of [...this.queue]) {
      if (playback.argument === current) {
        if (response === null) this.onStart(playback);
        else this.onComplete(playback, dump);
      } else if (playback.hasStarted) {
        this.finish(playback, playback.wantsStop ? 'stopped' : 'completed', null);
      } else if (!isSomethingPlaying) {
        this.fail(playback, 'play', 'the order was lost with the link');
      }
      this.pursue(playback);
    }
    if (response === null) this.silenceForgotten(current);
  }

  /** The leg is over: whatever still plays ended with it. */
  end(): void {
    for (const playback of [...this.queue]) this.finish(playback, 'hangup', null);
  }

  private want(playbackId: string, change: (playback: Playback) => void): void {
    const playback = this.queue.find(({ id }) => id === playbackId);
    if (playback === undefined) return;
    change(playback);
    this.pursue(playback);
  }

  /** Sends what is still missing between what is and what is wanted. */
  private pursue(playback: Playback): void {
    if (!playback.hasStarted || playback.isToggling || !this.queue.includes(playback)) return;
    if (playback.wantsStop) {
      if (playback.breaks === 0) this.breakNow(playback);
    } else if (playback.wantsPause !== playback.isPaused) {
      this.toggle(playback, () => undefined);
    }
  }

  private toggle(playback: Playback, then: () => void): void {
    playback.isToggling = true;
    const name = playback.isPaused ? 'resumePlayback' : 'pausePlayback';
    this.order(
      playback,
      name,
      togglePause(this.channelUuid),
      () => {
        playback.isToggling = false;
        playback.isPaused = !playback.isPaused;
        if (playback.isPaused) this.actions.onPaused(playback.id);
        else this.actions.onResumed(playback.id);
        then();
        this.pursue(playback);
      },
      () => {
        playback.isToggling = false;
        // Nothing to toggle any more: its end is on the way, or a stop must still be pursued.
        if (playback.wantsStop) this.pursue(playback);
      },
    );
  }

  private breakNow(playback: Playback): void {
    if (playback.breaks >= MAX_BREAKS) {
      this.fail(playback, 'stopPlayback', `still playing after ${MAX_BREAKS} orders to stop`);
      return;
    }
    playback.breaks += 1;
    // `all` would silently drop what is queued behind this one.
    const isLast = this.queue.at(-1) === playback;
    this.order(playback, 'stopPlayback', breakPlayback(this.channelUuid, isLast), () => undefined);
    this.arm(playback, this.timeouts.playbackBreakMs, () => {
      if (playback.isPaused && !playback.isToggling) this.toggle(playback, () => this.breakNow(playback));
      else this.breakNow(playback);
    });
  }

  /** Sends an order; `done` and `refused` are called only while the playback is still there. */
  private order(
    playback: Playback,
    name: string,
    command: EslCommand,
    done: () => void,
    refused: () => void = () => undefined,
  ): void {
    this.actions.send(command).then(
      (reply) => {
        if (!this.queue.includes(playback)) return;
        if (reply.startsWith('+OK')) {
          done();
          return;
        }
        refused();
        if (name === 'play') this.fail(playback, name, reply.trim());
        else this.actions.onCommandFailed(name, reply.trim());
      },
      (error: unknown) => {
        if (!this.queue.includes(playback)) return;
        refused();
        const detail = error instanceof Error ? error.message : String(error);
        if (name === 'play' && !playback.hasStarted) this.fail(playback, name, detail);
        else if (error instanceof LinkLostError) this.rest(playback);
        else this.actions.onCommandFailed(name, detail);
      },
    );
  }

  /** The link is down: what is wanted stays wanted, and `recover` orders it again. */
  private rest(playback: Playback): void {
    this.disarm(playback);
    playback.breaks = 0;
  }

  private onStart(playback: Playback | null): void {
    if (playback === null || playback.hasStarted) return;
    playback.hasStarted = true;
    this.disarm(playback);
    this.actions.onStarted(playback.id);
    this.pursue(playback);
  }

  private onStop(playback: Playback | null, header: HeaderReader): void {
    if (playback === null) return;
    const status = header('Playback-Status');
    // A hangup ends it with "done" too.
    const outcome = header('Hangup-Cause') !== null ? 'hangup' : status === 'break' ? 'stopped' : 'completed';
    this.finish(playback, outcome, playedMs(header));
  }

  /** PLAYBACK_STOP comes before this; when the file could not be played it never comes. */
  private onComplete(playback: Playback | null, header: HeaderReader): void {
    if (playback === null) return;
    const response = header('Application-Response') ?? header('variable_current_application_response');
    if (header('Hangup-Cause') !== null) this.finish(playback, 'hangup', null);
    else if (response === 'FILE PLAYED')
      this.finish(playback, playback.wantsStop ? 'stopped' : 'completed', playedMs(header));
    else this.fail(playback, 'play', response ?? 'no response of the switch');
  }

  private fail(playback: Playback, command: string, detail: string): void {
    this.actions.onCommandFailed(command, detail);
    this.finish(playback, command === 'stopPlayback' ? 'stopped' : 'failed', null);
  }

  private finish(playback: Playback, outcome: PlaybackOutcome, played: number | null): void {
    this.disarm(playback);
    this.queue = this.queue.filter((other) => other !== playback);
    this.actions.onFinished(playback.id, outcome, played);
    this.watchHead();
  }

  /** Only the head can start; the others wait for it however long it takes. */
  private watchHead(): void {
    const head = this.queue[0];
    if (head === undefined || head.hasStarted || head.timer !== null) return;
    const { playbackStartMs } = this.timeouts;
    this.arm(head, playbackStartMs, () => {
      this.fail(head, 'play', `not started within ${playbackStartMs} ms`);
    });
  }

  private arm(playback: Playback, delayMs: number, onDeadline: () => void): void {
    this.disarm(playback);
    playback.timer = setTimeout(() => {
      playback.timer = null;
      onDeadline();
    }, delayMs);
  }

  private disarm(playback: Playback): void {
    if (playback.timer !== null) clearTimeout(playback.timer);
    playback.timer = null;
  }

  /** A playback given up here (its order seemed lost) must not be heard after all. */
  private silenceForgotten(argument: string | null): void {
    if (argument?.startsWith(ARGUMENT_PREFIX) !== true || this.byArgument(argument) !== null) return;
    this.actions.send(breakPlayback(this.channelUuid, false)).catch((error: unknown) => {
      this.actions.onCommandFailed('stopPlayback', error instanceof Error ? error.message : String(error));
    });
  }

  private byArgument(argument: string | null): Playback | null {
    return this.queue.find((playback) => playback.argument === argument) ?? null;
  }
}

/** How much was sent. `playback_ms` would count what was read ahead as well. */
function playedMs(header: HeaderReader): number | null {
  const samples = Number(header('variable_playback_last_offset_pos') ?? Number.NaN);
  if (!Number.isFinite(samples) || samples < 0) return null;
  const rateHz = Number(header('Channel-Write-Codec-Rate') ?? DEFAULT_RATE_HZ);
  return Math.round((samples * 1000) / (rateHz > 0 ? rateHz : DEFAULT_RATE_HZ));
}
