import type { PlaybackOutcome } from './events.ts';
import { latenciesOf, NO_MOMENTS, type TurnMoments } from './latency.ts';
import type { ObjectionMatch } from './objections/match.ts';
import type { CallLeg, IntentClassifier, IntentVerdict, Transcript, Turn } from './ports.ts';
import {
  startState,
  stepScenario,
  type Prompt,
  type ScenarioCommand,
  type ScenarioEnding,
  type ScenarioEvent,
  type ScenarioState,
} from './scenario/machine.ts';
import type { Scenario } from './scenario/schema.ts';
import { BargeIn, type BargeInOptions } from './turn/barge-in.ts';
import type { HeardTurn, Listener } from './turn/listener.ts';
import { isBackchannel } from './turn/phrases.ts';

export interface ConversationOptions {
  bargeIn: BargeInOptions;
  /** False turns barge-in off for every prompt (`BARGE_IN_ENABLED`). */
  bargeInEnabled: boolean;
  /** Speech that ended at most this long before a prompt did answers it. */
  answerOverlapMs: number;
  /** A prompt ordered but not heard to start within this much audio is given up. */
  promptStartDeadlineMs: number;
}

export interface ConversationDeps {
  leg: Pick<CallLeg, 'play' | 'pausePlayback' | 'resumePlayback' | 'stopPlayback'>;
  listener: Listener;
  scenario: Scenario;
  classifier: IntentClassifier;
  /** The objection that a text raises, in the scenario's themes; null when none fits. */
  matchObjection: (text: string) => ObjectionMatch | null;
  newPlaybackId: () => string;
  nowMs: () => number;
  signal: AbortSignal;
}

/** What the conversation tells the session that owns it. */
export interface ConversationHooks {
  onStep: (label: string) => void;
  onPrompt: (prompt: Prompt) => void;
  /** The callee's words of a turn, before the scenario answers them; not called for silence. */
  onWords: (text: string) => void;
  /** Told when the turn is understood and again, with the same number, once its latencies are complete. */
  onTurn: (turn: Turn) => void;
  onEnd: (ending: ScenarioEnding) => void;
  onError: (error: unknown) => void;
}

interface Playing {
  playbackId: string;
  prompt: Prompt;
  bargeIn: BargeIn;
  orderedAtAudioMs: number;
  hasStarted: boolean;
  isPaused: boolean;
  isStopping: boolean;
  heardMs: number;
  /** When the open turn's speech began that may stop it, and when it fell silent because of that. */
  spokenOverAtMs: number | null;
  silencedAtMs: number | null;
}

interface OpenTurn {
  turn: Turn;
  moments: TurnMoments;
}

/**
 * Walks the scenario with the callee: carries out its commands on the leg, decides what speech over a prompt does to it,
 * has finished turns understood, and feeds the scenario. Driven by frames and playback events only: it has no timer
 * (audio time is its clock) and owns no resource.
 */
export class Conversation {
  private state: ScenarioState;
  private playing: Playing | null = null;
  /** The prompt that a barge-in stopped; its turn is still being spoken. */
  private interrupted: Playing | null = null;
  private pendingEnding: ScenarioEnding | null = null;
  /** The step's timeout once its prompt has ended. */
  private answerTimeoutMs: number | null = null;
  private listeningSinceMs: number | null = null;
  private lastPromptText: string | null = null;
  private lastPromptEndedAtMs: number | null = null;
  /** A turn that is ours to answer is being understood. */
  private isThinking = false;
  private understanding: Promise<void> = Promise.resolve();
  private openTurn: OpenTurn | null = null;
  private turnCount = 0;
  private hasEnded = false;

  constructor(
    private readonly deps: ConversationDeps,
    private readonly options: ConversationOptions,
    private readonly hooks: ConversationHooks,
  ) {
    this.state = startState(deps.scenario);
  }

  start(): void {
    this.tell({ type: 'call-started' });
  }

  /** After the listener has heard one frame of `frameMs`; `heard` is the turn that it ended, if any. */
  onFrame(frameMs: number, heard: HeardTurn | null): void {
    if (this.isOver()) return;
    if (this.playing !== null) this.watchPrompt(this.playing, frameMs);
    if (heard !== null) this.onHeard(heard);
    this.watchTimeout();
  }

  onPlaybackStarted(playbackId: string, atMs: number): void {
    if (this.playing?.playbackId !== playbackId) return;
    this.playing.hasStarted = true;
    this.completeTurn({ replyStartedAtMs: atMs });
  }

  /** The switch confirms that the prompt is silent (paused by a beginning barge-in). */
  onPlaybackPaused(playbackId: string, atMs: number): void {
    if (this.playing?.playbackId === playbackId) this.playing.silencedAtMs ??= atMs;
  }

  onPlaybackFinished(playbackId: string, outcome: PlaybackOutcome, atMs: number): void {
    const playing = this.playing;
    if (playing?.playbackId !== playbackId || this.isOver()) return;
    this.playing = null;
    this.lastPromptEndedAtMs = atMs;
    switch (outcome) {
      case 'completed':
        this.afterPrompt();
        return;
      case 'stopped':
        if (!playing.isStopping) {
          // Not by us (somebody at the switch, a key): as if it had been heard.
          this.afterPrompt();
          return;
        }
        // Stopped by us: whatever stopped it (a turn taken, an ending) goes on by itself.
        playing.silencedAtMs ??= atMs;
        this.notePromptSilenced(playing.silencedAtMs);
        if (this.pendingEnding !== null) this.end(this.pendingEnding);
        return;
      case 'failed':
        this.tell({ type: 'prompt-failed', detail: playing.prompt.audioPath });
        return;
      case 'hangup':
        return;
    }
  }

  // ---- prompts -------------------------------------------------------------------------------------------

  private watchPrompt(playing: Playing, frameMs: number): void {
    const { listener, leg } = this.deps;
    if (!playing.hasStarted) {
      if (listener.nowMs - playing.orderedAtAudioMs > this.options.promptStartDeadlineMs) {
        this.playing = null;
        leg.stopPlayback(playing.playbackId);
        this.tell({ type: 'prompt-failed', detail: `${playing.prompt.audioPath} did not start` });
      }
      return;
    }
    if (playing.isStopping) return;
    if (!playing.isPaused) playing.heardMs += frameMs;
    if (!playing.prompt.bargeIn || !this.options.bargeInEnabled) return;
    this.noteSpeechOver(playing);
    const action = playing.bargeIn.advance({
      promptElapsedMs: playing.heardMs,
      isSpeaking: listener.isSpeaking && listener.isInTurn,
      speechMs: listener.speechMs,
      text: listener.partialText,
    });
    switch (action) {
      case 'pause':
        playing.isPaused = true;
        leg.pausePlayback(playing.playbackId);
        return;
      case 'resume':
        playing.isPaused = false;
        playing.silencedAtMs = null;
        leg.resumePlayback(playing.playbackId);
        return;
      case 'commit':
        this.interrupted = playing;
        this.stopPrompt(playing);
        return;
      case null:
        return;
    }
  }

  /** Once per turn, before any pause: the prompt's clock stands still in one. */
  private noteSpeechOver(playing: Playing): void {
    const { listener } = this.deps;
    if (!listener.isInTurn || !listener.isSpeaking) return;
    if (playing.heardMs < this.options.bargeIn.gracePeriodMs) return;
    playing.spokenOverAtMs ??= this.spokenOverSince(playing, listener.speechStartedAtMs);
  }

  /** The onset, or the end of the grace period where the callee began before it. */
  private spokenOverSince(playing: Playing, onsetAtMs: number): number {
    const sinceGraceMs = playing.heardMs - this.options.bargeIn.gracePeriodMs;
    return Math.max(onsetAtMs, this.deps.nowMs() - sinceGraceMs);
  }

  private stopPrompt(playing: Playing): void {
    playing.isStopping = true;
    this.deps.leg.stopPlayback(playing.playbackId);
  }

  private afterPrompt(): void {
    if (this.pendingEnding !== null) {
      this.end(this.pendingEnding);
      return;
    }
    this.listeningSinceMs = this.answerTimeoutMs === null ? null : this.deps.listener.nowMs;
    if (!this.isThinking) this.tell({ type: 'prompt-finished' });
  }

  // ---- turns ---------------------------------------------------------------------------------------------

  /** Turns are dealt with one after the other: what is said while one is being understood comes after it. */
  private onHeard(heard: HeardTurn): void {
    const { interrupted, playing } = this;
    this.interrupted = null;
    const isAnswer = !this.isThinking && (interrupted !== null || (playing === null && this.isListening()));
    if (isAnswer) this.isThinking = true;
    const spokenOverAtMs = playing?.spokenOverAtMs ?? null;
    // What is said next over this prompt is another turn.
    if (playing !== null && playing !== interrupted) playing.spokenOverAtMs = null;
    this.understanding = this.understanding
      .then(() =>
        isAnswer ? this.takeTurn(heard, interrupted) : this.overhear(heard, playing, spokenOverAtMs),
      )
      .catch((error: unknown) => {
        if (!this.deps.signal.aborted) this.hooks.onError(error);
      });
  }

  /** The callee has the turn (by a barge-in when `interrupted`): understand it and let the scenario answer. */
  private async takeTurn(heard: HeardTurn, interrupted: Playing | null): Promise<void> {
    try {
      const transcript = await heard.transcript;
      if (this.isOver()) return;
      const transcribedAtMs = this.deps.nowMs();
      if (transcript.text === '' && !transcript.hasUnknownWords && interrupted === null) {
        // A cough or line noise: keep waiting for the answer.
        return;
      }
      await this.answer(heard, transcript, transcribedAtMs, interrupted);
    } finally {
      this.isThinking = false;
    }
  }

  /**
   * Said over a prompt that did not give way (grace period, no barge-in, backchannel). Kept when it asks not to be
   * called, when its words show that the prompt should have given way (it might have, since `spokenOverAtMs`), or when it
   * overlaps the end of the question.
   */
  private async overhear(
    heard: HeardTurn,
    over: Playing | null,
    spokenOverAtMs: number | null,
  ): Promise<void> {
    const transcript = await heard.transcript;
    if (this.isOver() || transcript.text === '') return;
    const transcribedAtMs = this.deps.nowMs();
    if (this.playing === null && this.isListening() && this.overlapsPromptEnd(heard)) {
      await this.answerWhileThinking(heard, transcript, transcribedAtMs, null);
      return;
    }
    if (isBackchannel(transcript.text)) return;
    const verdict = await this.classify(transcript);
    const { playing } = this;
    const shouldHaveGivenWay = playing !== null && playing === over && spokenOverAtMs !== null;
    if (this.isOver() || (verdict.intent !== 'opt_out' && !shouldHaveGivenWay)) return;
    // What was said takes the place of the ending that this prompt was leading to.
    this.pendingEnding = null;
    if (playing !== null && !playing.isStopping) {
      playing.spokenOverAtMs = spokenOverAtMs ?? this.spokenOverSince(playing, heard.speechStartedAtMs);
      this.stopPrompt(playing);
    }
    await this.answerWhileThinking(heard, transcript, transcribedAtMs, playing, verdict);
  }

  private async answerWhileThinking(
    heard: HeardTurn,
    transcript: Transcript,
    transcribedAtMs: number,
    interrupted: Playing | null,
    verdict?: IntentVerdict,
  ): Promise<void> {
    this.isThinking = true;
    try {
      await this.answer(heard, transcript, transcribedAtMs, interrupted, verdict);
    } finally {
      this.isThinking = false;
    }
  }

  private async answer(
    heard: HeardTurn,
    transcript: Transcript,
    transcribedAtMs: number,
    interrupted: Playing | null,
    known?: IntentVerdict,
  ): Promise<void> {
    const verdict = known ?? (await this.classify(transcript));
    if (this.isOver()) return;
    const understoodAtMs = this.deps.nowMs();
    const objection = transcript.text === '' ? null : this.deps.matchObjection(transcript.text);
    this.recordTurn(
      {
        transcript: transcript.text,
        asrConfidence: transcript.confidence,
        intent: verdict.intent,
        intentConfidence: verdict.confidence,
        processingMethod: verdict.method,
        bargeIn: interrupted !== null,
        objectionId: objection?.objectionId ?? null,
      },
      {
        ...NO_MOMENTS,
        spokeOverPromptAtMs: interrupted?.spokenOverAtMs ?? null,
        promptSilencedAtMs: interrupted?.silencedAtMs ?? null,
        speechEndedAtMs: heard.speechEndedAtMs,
        turnEndedAtMs: heard.turnEndedAtMs,
        transcribedAtMs,
        understoodAtMs,
      },
      { type: 'utterance', intent: verdict.intent, text: transcript.text, objection },
    );
  }

  private classify(transcript: Transcript): Promise<IntentVerdict> {
    if (transcript.text === '') {
      return Promise.resolve({ intent: 'not_understood', confidence: 1, method: 'rule' });
    }
    return this.deps.classifier.classify({
      text: transcript.text,
      question: this.lastPromptText,
      signal: this.deps.signal,
    });
  }

  private watchTimeout(): void {
    const { listener } = this.deps;
    if (this.listeningSinceMs === null || this.answerTimeoutMs === null) return;
    if (this.playing !== null || this.isThinking || listener.isInTurn) return;
    if (listener.nowMs - this.listeningSinceMs < this.answerTimeoutMs) return;
    this.recordTurn(
      {
        transcript: '',
        asrConfidence: 0,
        intent: 'silence',
        intentConfidence: 1,
        processingMethod: 'timeout',
        bargeIn: false,
        objectionId: null,
      },
      NO_MOMENTS,
      { type: 'utterance', intent: 'silence', text: '', objection: null },
    );
  }

  private recordTurn(
    heard: Omit<Turn, 'turnNumber' | 'step' | 'latencies' | 'nextStep'>,
    moments: TurnMoments,
    event: ScenarioEvent,
  ): void {
    this.turnCount += 1;
    const turn: Turn = {
      ...heard,
      turnNumber: this.turnCount,
      step: this.state.stepId,
      latencies: latenciesOf(moments),
      nextStep: null,
    };
    this.openTurn = { turn, moments };
    if (turn.transcript !== '') this.hooks.onWords(turn.transcript);
    this.listeningSinceMs = null;
    this.answerTimeoutMs = null;
    this.tell(event);
    this.completeTurn({});
  }

  /** Adds what became known of the open turn and tells it; after the reply has started it is closed. */
  private completeTurn(known: Partial<TurnMoments>): void {
    if (this.openTurn === null) return;
    const { turn } = this.openTurn;
    const moments = { ...this.openTurn.moments, ...known };
    const completed: Turn = {
      ...turn,
      latencies: latenciesOf(moments),
      nextStep: this.hasEnded && this.playing === null ? null : this.state.stepId,
    };
    this.openTurn = moments.replyStartedAtMs === null ? { turn, moments } : null;
    this.hooks.onTurn(completed);
  }

  private notePromptSilenced(atMs: number): void {
    if (this.openTurn?.turn.bargeIn !== true || this.openTurn.moments.promptSilencedAtMs !== null) return;
    this.completeTurn({ promptSilencedAtMs: atMs });
  }

  /** The scenario or the session ended the call: nothing may be played any more. */
  private isOver(): boolean {
    return this.hasEnded || this.deps.signal.aborted;
  }

  private isListening(): boolean {
    return this.listeningSinceMs !== null;
  }

  private overlapsPromptEnd(heard: HeardTurn): boolean {
    const { lastPromptEndedAtMs } = this;
    return (
      lastPromptEndedAtMs !== null &&
      heard.speechEndedAtMs >= lastPromptEndedAtMs - this.options.answerOverlapMs
    );
  }

  // ---- scenario ------------------------------------------------------------------------------------------

  private tell(event: ScenarioEvent): void {
    const { state, commands } = stepScenario(this.deps.scenario, this.state, event);
    const isNewStep = state.stepId !== this.state.stepId || event.type === 'call-started';
    this.state = state;
    if (isNewStep) this.hooks.onStep(state.stepId);
    for (const command of commands) this.carryOut(command);
  }

  private carryOut(command: ScenarioCommand): void {
    switch (command.type) {
      case 'play':
        this.play(command.prompt);
        return;
      case 'listen':
        this.answerTimeoutMs = command.timeoutMs;
        if (this.playing === null) this.listeningSinceMs = this.deps.listener.nowMs;
        return;
      case 'end':
        if (this.playing === null) this.end(command.ending);
        else this.pendingEnding = command.ending;
        return;
    }
  }

  private play(prompt: Prompt): void {
    const { leg, listener, newPlaybackId } = this.deps;
    this.listeningSinceMs = null;
    this.answerTimeoutMs = null;
    this.lastPromptText = prompt.text;
    this.playing = {
      playbackId: newPlaybackId(),
      prompt,
      bargeIn: new BargeIn(this.options.bargeIn),
      orderedAtAudioMs: listener.nowMs,
      hasStarted: false,
      isPaused: false,
      isStopping: false,
      heardMs: 0,
      spokenOverAtMs: null,
      silencedAtMs: null,
    };
    this.hooks.onPrompt(prompt);
    leg.play({ playbackId: this.playing.playbackId, audioPath: prompt.audioPath });
  }

  private end(ending: ScenarioEnding): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.listeningSinceMs = null;
    this.hooks.onEnd(ending);
  }
}
