import type { PlaybackOutcome } from './events.ts';
import type { CallLeg } from './ports.ts';
import type { HeardPrompt } from './scenario/disclosure.ts';
import type { Prompt } from './scenario/machine.ts';
import { BargeIn, type BargeInAction, type BargeInOptions } from './turn/barge-in.ts';
import { expectedAnswerTo } from './turn/expected-answer.ts';
import type { Listener } from './turn/listener.ts';
import type { Overheard } from './turn/overheard.ts';

export interface PromptPlayerOptions {
  bargeIn: BargeInOptions;
  /** False turns barge-in off for every prompt (`BARGE_IN_ENABLED`). */
  bargeInEnabled: boolean;
  /** A prompt ordered but not heard to start within this much audio is given up. */
  promptStartDeadlineMs: number;
}

interface PromptPlayerDeps {
  leg: Pick<CallLeg, 'play' | 'pausePlayback' | 'resumePlayback' | 'stopPlayback'>;
  listener: Listener;
  newPlaybackId: () => string;
  /** A prompt started, or ended: told twice with the same number. */
  onPlayed: (played: ConversationPrompt) => void;
}

/** One playing of a prompt. Times are monotonic milliseconds. */
export interface ConversationPrompt {
  /** Counts the call's prompts from 1. */
  number: number;
  prompt: Prompt;
  startedAtMs: number;
  /** Null while it plays. */
  endedAtMs: number | null;
  heardMs: number;
  completed: boolean;
}

/** A prompt from its order on. What is heard of it and over it is kept after its end. */
export interface Playing {
  playbackId: string;
  /** Its place among the call's prompts, from 1. */
  number: number;
  prompt: Prompt;
  startedAtMs: number | null;
  bargeIn: BargeIn;
  orderedAtAudioMs: number;
  hasStarted: boolean;
  isPaused: boolean;
  isStopping: boolean;
  wasCompleted: boolean;
  heardMs: number;
  /** How much of it had been heard when the callee last spoke over it. */
  spokenAtMs: number;
  /** A turn that was spoken over it is being understood: whether it stops the prompt is decided then. */
  isJudging: boolean;
  /** Said over it and no reason to stop it: an answer if it turns out to have been said at the prompt's end. */
  overheard: Overheard | null;
  /** When the open turn's speech began that may stop it, and when it fell silent because of that. */
  spokenOverAtMs: number | null;
  silencedAtMs: number | null;
}

/** What watching the prompt led to. `not-started`: it was given up. `interrupted`: the callee took the turn. */
export type PromptTurn = 'not-started' | 'interrupted';

/**
 * Plays one prompt at a time and does to it what speech over it asks for: pause, go on, stop. Driven by frames and playback
 * events; audio time is its clock.
 */
export class PromptPlayer {
  private playing: Playing | null = null;
  /** Every prompt so far, the one that is playing too. */
  private readonly played: Playing[] = [];

  constructor(
    private readonly deps: PromptPlayerDeps,
    private readonly options: PromptPlayerOptions,
  ) {}

  /** The prompt that was ordered and has not ended. */
  get current(): Playing | null {
    return this.playing;
  }

  play(prompt: Prompt): void {
    const { leg, listener, newPlaybackId } = this.deps;
    this.playing = {
      playbackId: newPlaybackId(),
      number: this.played.length + 1,
      prompt,
      startedAtMs: null,
      bargeIn: new BargeIn(this.options.bargeIn, prompt.text),
      orderedAtAudioMs: listener.nowMs,
      hasStarted: false,
      isPaused: false,
      isStopping: false,
      wasCompleted: false,
      heardMs: 0,
      spokenAtMs: 0,
      isJudging: false,
      overheard: null,
      spokenOverAtMs: null,
      silencedAtMs: null,
    };
    listener.expectAnswer(expectedAnswerTo(prompt.text));
    this.played.push(this.playing);
    leg.play({ playbackId: this.playing.playbackId, audioPath: prompt.audioPath });
  }

  /** False where another prompt plays by now. */
  onStarted(playbackId: string, atMs: number): boolean {
    if (this.playing?.playbackId !== playbackId) return false;
    this.playing.hasStarted = true;
    this.playing.startedAtMs = atMs;
    this.tell(this.playing, null);
    return true;
  }

  /** The switch confirms that the prompt is silent (paused by a beginning barge-in). */
  onPaused(playbackId: string, atMs: number): void {
    if (this.playing?.playbackId === playbackId) this.playing.silencedAtMs ??= atMs;
  }

  /** The prompt that has ended; null where it is not the one that plays. */
  onFinished(playbackId: string, outcome: PlaybackOutcome, atMs: number): Playing | null {
    const { playing } = this;
    if (playing?.playbackId !== playbackId) return null;
    playing.wasCompleted = outcome === 'completed';
    this.tell(playing, atMs);
    this.playing = null;
    return playing;
  }

  /** The call is over: what still plays has ended with it. */
  onCallEnded(atMs: number): void {
    if (this.playing !== null) this.tell(this.playing, atMs);
    this.playing = null;
  }

  /** Every prompt that was ordered, in order, with how much of it was heard until now. */
  heardPrompts(): HeardPrompt[] {
    return this.played.map(({ prompt, heardMs, wasCompleted }) => ({
      label: prompt.label,
      audioPath: prompt.audioPath,
      heardMs,
      completed: wasCompleted,
    }));
  }

  /** After the listener has heard one frame. `mayGiveWay`: nothing else forbids that speech stops the prompt. */
  watch(playing: Playing, frameMs: number, mayGiveWay: boolean): PromptTurn | null {
    const { listener, leg } = this.deps;
    if (!playing.hasStarted) {
      if (listener.nowMs - playing.orderedAtAudioMs <= this.options.promptStartDeadlineMs) return null;
      this.playing = null;
      leg.stopPlayback(playing.playbackId);
      return 'not-started';
    }
    listener.setPromptAudible(!playing.isPaused);
    if (playing.isStopping) return null;
    if (!playing.isPaused) playing.heardMs += frameMs;
    if (listener.isInTurn && listener.isSpeaking) playing.spokenAtMs = playing.heardMs;
    const givesWay = mayGiveWay && playing.prompt.bargeIn && this.options.bargeInEnabled;
    if (!givesWay || playing.isJudging) return null;
    this.noteSpeechOver(playing);
    const action = playing.bargeIn.advance({
      nowMs: listener.nowMs,
      lastVoicedMs: listener.lastVoicedMs,
      turnMs: listener.turnMs,
      promptElapsedMs: playing.heardMs,
      isSpeaking: listener.isSpeaking && listener.isInTurn,
      speechMs: listener.speechMs,
      levelDbfs: listener.speechLevelDbfs,
      text: listener.partialText,
      decoded: listener.decodedWords,
      isUnsettled: listener.isUnsettled,
    });
    this.act(playing, action);
    return action === 'commit' ? 'interrupted' : null;
  }

  stop(playing: Playing): void {
    playing.isStopping = true;
    this.deps.leg.stopPlayback(playing.playbackId);
  }

  /** What was said over a prompt that had paused for it was no reason to: it goes on. */
  dismiss(playing: Playing): void {
    this.act(playing, playing.bargeIn.dismiss());
  }

  /** The onset, or the end of the grace period where the callee began before it. */
  spokenOverSince(playing: Playing, onsetAtMs: number): number {
    const sinceGraceMs = playing.heardMs - this.options.bargeIn.gracePeriodMs;
    return Math.max(onsetAtMs, this.deps.listener.heardUntilMs - sinceGraceMs);
  }

  private act(playing: Playing, action: BargeInAction | null): void {
    const { leg } = this.deps;
    switch (action) {
      case 'pause':
        playing.isPaused = true;
        leg.pausePlayback(playing.playbackId);
        return;
      case 'resume':
        playing.isPaused = false;
        playing.silencedAtMs = null;
        this.learnEcho();
        leg.resumePlayback(playing.playbackId);
        return;
      case 'commit':
        this.stop(playing);
        return;
      case 'dismiss':
        this.learnEcho();
        return;
      case 'decode':
        this.deps.listener.decodeSoFar();
        return;
      case null:
        return;
    }
  }

  /** What a prompt paused for in vain and is too faint for somebody on the telephone. */
  private learnEcho(): void {
    const { listener } = this.deps;
    if (listener.speechLevelDbfs < this.options.bargeIn.faintDbfs) listener.learnEcho();
  }

  /** Once per turn, before any pause: the prompt's clock stands still in one. */
  private noteSpeechOver(playing: Playing): void {
    const { listener } = this.deps;
    if (!listener.isInTurn || !listener.isSpeaking) return;
    if (playing.heardMs < this.options.bargeIn.gracePeriodMs) return;
    playing.spokenOverAtMs ??= this.spokenOverSince(playing, listener.speechStartedAtMs);
  }

  /** What never started is not told. */
  private tell(
    { number, prompt, startedAtMs, heardMs, wasCompleted }: Playing,
    endedAtMs: number | null,
  ): void {
    if (startedAtMs === null) return;
    this.deps.onPlayed({ number, prompt, startedAtMs, endedAtMs, heardMs, completed: wasCompleted });
  }
}
