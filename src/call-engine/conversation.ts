import type { PlaybackOutcome } from './events.ts';
import { withoutDoubtfulConsent } from './intent/doubtful-consent.ts';
import { EarlyIntent, type EarlyIntentOptions } from './intent/early-intent.ts';
import type { ObjectionMatch } from './objections/match.ts';
import { NO_MOMENTS, type TurnMoments } from './latency.ts';
import type { CallLeg, IntentClassifier, IntentRequest, IntentVerdict, Turn } from './ports.ts';
import {
  PromptPlayer,
  type ConversationPrompt,
  type Playing,
  type PromptPlayerOptions,
} from './prompt-player.ts';
import {
  startState,
  stepScenario,
  type Prompt,
  type ScenarioCommand,
  type ScenarioEnding,
  type ScenarioEvent,
  type ScenarioState,
} from './scenario/machine.ts';
import type { HeardPrompt } from './scenario/disclosure.ts';
import type { Scenario } from './scenario/schema.ts';
import type { HeardTurn, Listener } from './turn/listener.ts';
import { isEndOfEcho, overlapsEnd, type Overheard, type Utterance } from './turn/overheard.ts';
import { isBackchannel } from './turn/phrases.ts';
import { TurnLog, type UnderstoodTurn } from './turn-log.ts';

export interface ConversationOptions extends PromptPlayerOptions {
  /** What was said with at most this much of a prompt to come answers it. */
  answerOverlapMs: number;
  /** The same for what may as well be a backchannel ("oui"). */
  backchannelOverlapMs: number;
  /** Somebody speaking as the goodbye ends is heard out for at most this long. */
  hearOutMs: number;
  earlyIntent: EarlyIntentOptions;
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
  /** A prompt started, or ended: told twice with the same number. */
  onPlayed: (played: ConversationPrompt) => void;
  /** Told when the turn is understood and again, with the same number, once its latencies are complete. */
  onTurn: (turn: Turn) => void;
  onEnd: (ending: ScenarioEnding) => void;
  onError: (error: unknown) => void;
}

/**
 * Walks the scenario with the callee: has its prompts played, finished turns understood, and the scenario fed with them. Driven by frames and playback events only: it has no timer
 * (audio time is its clock) and owns no resource.
 */
export class Conversation {
  private state: ScenarioState;
  private readonly player: PromptPlayer;
  /** The prompt that a barge-in stopped; its turn is still being spoken. */
  private interrupted: Playing | null = null;
  private pendingEnding: ScenarioEnding | null = null;
  /** The step's timeout once its prompt has ended. */
  private answerTimeoutMs: number | null = null;
  private listeningSinceMs: number | null = null;
  private lastPromptText: string | null = null;
  private lastPlayed: Playing | null = null;
  private promptEndedAtMs: number | null = null;
  /** Audio time at which the goodbye had been said. */
  private goodbyeSaidMs: number | null = null;
  /** Turns spoken over a prompt that are being understood. */
  private judging = 0;
  /** A turn that is ours to answer is being understood. */
  private isThinking = false;
  private understanding: Promise<void> = Promise.resolve();
  private readonly turns: TurnLog;
  private readonly early: EarlyIntent;
  private hasEnded = false;

  constructor(
    private readonly deps: ConversationDeps,
    private readonly options: ConversationOptions,
    private readonly hooks: ConversationHooks,
  ) {
    this.state = startState(deps.scenario);
    this.player = new PromptPlayer({ ...deps, onPlayed: hooks.onPlayed }, options);
    this.turns = new TurnLog({ onTurn: hooks.onTurn, nextStep: () => this.nextStep() });
    this.early = new EarlyIntent(deps.classifier, options.earlyIntent);
  }

  /** The prompt that was ordered and has not ended. */
  private get playing(): Playing | null {
    return this.player.current;
  }

  start(): void {
    this.tell({ type: 'call-started' });
  }

  /** After the listener has heard one frame of `frameMs`; `heard` is the turn that it ended, if any. */
  onFrame(frameMs: number, heard: HeardTurn | null): void {
    if (this.isOver()) return;
    // First: a prompt that stands still for a turn that has just ended waits for its words.
    if (heard !== null) this.onHeard(heard);
    if (this.playing !== null) this.watchPrompt(this.playing, frameMs);
    if (heard === null) this.understandEarly(frameMs);
    this.endAfterGoodbye();
    this.watchTimeout();
  }

  onPlaybackStarted(playbackId: string, atMs: number): void {
    if (this.player.onStarted(playbackId, atMs)) this.turns.complete({ replyStartedAtMs: atMs });
  }

  /** The switch confirms that the prompt is silent (paused by a beginning barge-in). */
  onPlaybackPaused(playbackId: string, atMs: number): void {
    this.player.onPaused(playbackId, atMs);
  }

  onPlaybackFinished(playbackId: string, outcome: PlaybackOutcome, atMs: number): void {
    const playing = this.player.onFinished(playbackId, outcome, atMs);
    if (playing === null || this.isOver()) return;
    this.lastPlayed = playing;
    this.promptEndedAtMs = atMs;
    this.deps.listener.setPromptAudible(false);
    switch (outcome) {
      case 'completed':
        this.afterPrompt(playing);
        return;
      case 'stopped':
        if (!playing.isStopping) {
          // Not by us (somebody at the switch, a key): as if it had been heard.
          this.afterPrompt(playing);
          return;
        }
        // Stopped by us: whatever stopped it (a turn taken, an ending) goes on by itself.
        playing.silencedAtMs ??= atMs;
        this.turns.promptSilenced(playing.silencedAtMs);
        if (this.pendingEnding !== null) this.end(this.pendingEnding);
        return;
      case 'failed':
        this.tell({ type: 'prompt-failed', detail: playing.prompt.audioPath });
        return;
      case 'hangup':
        return;
    }
  }

  /** The call is over: what still plays has ended with it. */
  onCallEnded(atMs: number): void {
    this.player.onCallEnded(atMs);
  }

  /** Every prompt that was ordered, in order, with how much of it was heard until now. */
  heardPrompts(): HeardPrompt[] {
    return this.player.heardPrompts();
  }

  // ---- prompts -------------------------------------------------------------------------------------------

  private watchPrompt(playing: Playing, frameMs: number): void {
    // A goodbye is said to its end; only a wish not to be called is still answered.
    const mayGiveWay = this.pendingEnding === null;
    switch (this.player.watch(playing, frameMs, mayGiveWay)) {
      case 'not-started':
        this.tell({ type: 'prompt-failed', detail: `${playing.prompt.audioPath} did not start` });
        return;
      case 'interrupted':
        this.interrupted = playing;
        return;
      case null:
        return;
    }
  }

  private afterPrompt(played: Playing): void {
    if (this.pendingEnding !== null) {
      this.goodbyeSaidMs = this.deps.listener.nowMs;
      this.endAfterGoodbye();
      return;
    }
    this.listeningSinceMs = this.answerTimeoutMs === null ? null : this.deps.listener.nowMs;
    if (this.isThinking) return;
    this.tell({ type: 'prompt-finished' });
    const { overheard } = played;
    if (overheard === null || !this.isListening() || this.deps.listener.isInTurn) return;
    if (!overlapsEnd(overheard, played, this.options)) return;
    this.understand(() => this.answerWhileThinking(overheard, null));
  }

  /** What is being said or understood when the goodbye ends may be a wish not to be called: it is heard out, for a time. */
  private endAfterGoodbye(): void {
    const { listener } = this.deps;
    if (this.pendingEnding === null || this.goodbyeSaidMs === null || this.playing !== null) return;
    const isWaitedFor = listener.isInTurn || this.judging > 0;
    if (isWaitedFor && listener.nowMs - this.goodbyeSaidMs < this.options.hearOutMs) return;
    this.end(this.pendingEnding);
  }

  // ---- turns ---------------------------------------------------------------------------------------------

  /** Begins to understand a turn that is ours to answer, and forgets one that came to nothing. */
  private understandEarly(frameMs: number): void {
    if (this.isThinking) return;
    const { listener } = this.deps;
    if (listener.isInTurn && this.isOursToAnswer()) {
      this.early.hear(this.requestFor(listener.partialText), frameMs);
    } else {
      this.early.forget();
    }
  }

  private isOursToAnswer(): boolean {
    return this.interrupted !== null || (this.playing === null && this.isListening());
  }

  /** Turns are dealt with one after the other: what is said while one is being understood comes after it. */
  private onHeard(heard: HeardTurn): void {
    const { interrupted, playing } = this;
    const isAnswer = !this.isThinking && this.isOursToAnswer();
    this.interrupted = null;
    if (isAnswer) {
      this.isThinking = true;
      this.understand(() => this.takeTurn(heard, interrupted));
      return;
    }
    const over = playing ?? this.lastPlayed;
    if (over === null) return;
    const { spokenOverAtMs, spokenAtMs } = over;
    // What is said next over this prompt is another turn.
    if (over !== interrupted) over.spokenOverAtMs = null;
    over.isJudging = over.isPaused;
    this.judging += 1;
    this.understand(async () => {
      try {
        await this.overhear(heard, over, { saidAtMs: spokenAtMs, spokenOverAtMs });
      } finally {
        this.judging -= 1;
        this.resumeAfterJudging(over);
        this.endAfterGoodbye();
      }
    });
  }

  private understand(work: () => Promise<void>): void {
    this.understanding = this.understanding.then(work).catch((error: unknown) => {
      if (!this.deps.signal.aborted) this.hooks.onError(error);
    });
  }

  private resumeAfterJudging(over: Playing): void {
    over.isJudging = false;
    if (this.playing !== over || over.isStopping || this.isOver()) return;
    // Somebody speaks again: that decides.
    if (!this.deps.listener.isInTurn) this.player.dismiss(over);
  }

  /** The callee has the turn (by a barge-in when `interrupted`): understand it and let the scenario answer. */
  private async takeTurn(heard: HeardTurn, interrupted: Playing | null): Promise<void> {
    try {
      const { atMs: wordsAtMs, ...words } = await heard.transcript;
      if (this.isOver()) return;
      if (words.text === '' && !words.hasUnknownWords && interrupted === null) {
        // A cough or line noise: keep waiting for the answer.
        return;
      }
      if (interrupted === null && this.isEchoOfLastPrompt({ heard, words })) return;
      await this.answer({ heard, words, wordsAtMs }, interrupted);
    } finally {
      this.isThinking = false;
    }
  }

  /**
   * Said over a prompt that did not give way (grace period, no barge-in, words that came late, backchannel). Kept when it
   * asks not to be called, when its words show that the prompt should have given way, whether or not it has ended since,
   * or when it was said at the end of the question.
   */
  private async overhear(
    heard: HeardTurn,
    over: Playing,
    { saidAtMs, spokenOverAtMs }: Pick<Overheard, 'saidAtMs' | 'spokenOverAtMs'>,
  ): Promise<void> {
    const { atMs: wordsAtMs, ...words } = await heard.transcript;
    if (this.isOver() || words.text === '') return;
    const said: Overheard = { heard, words, wordsAtMs, saidAtMs, spokenOverAtMs };
    const isClear = over.bargeIn.isClear(words, heard);
    const shouldHaveGivenWay = spokenOverAtMs !== null && over.bargeIn.takesTheTurn(words, heard);
    if (this.playing === null && this.isListening() && overlapsEnd(said, over, this.options)) {
      await this.answerWhileThinking(said, null);
      return;
    }
    if (!shouldHaveGivenWay) over.overheard = said;
    if (isBackchannel(words.text) || over.bargeIn.isEcho(words.text, heard)) return;
    const verdict = await this.classify(words.text);
    if (this.isOver()) return;
    const isOptOut = verdict.intent === 'opt_out' && (isClear || !over.bargeIn.isFaint(heard));
    if (!isOptOut && (!shouldHaveGivenWay || this.pendingEnding !== null)) return;
    // What was said takes the place of the ending that this prompt was leading to.
    this.pendingEnding = null;
    const { playing } = this;
    if (playing !== null && !playing.isStopping) {
      if (playing === over) {
        playing.spokenOverAtMs =
          spokenOverAtMs ?? this.player.spokenOverSince(playing, heard.speechStartedAtMs);
      }
      this.player.stop(playing);
    }
    await this.answerWhileThinking(said, playing, verdict);
  }

  private async answerWhileThinking(
    said: Utterance,
    interrupted: Playing | null,
    verdict?: IntentVerdict,
  ): Promise<void> {
    this.isThinking = true;
    try {
      await this.answer(said, interrupted, verdict);
    } finally {
      this.isThinking = false;
    }
  }

  private async answer(
    { heard, words, wordsAtMs }: Utterance,
    interrupted: Playing | null,
    known?: IntentVerdict,
  ): Promise<void> {
    const askedAtMs = this.deps.nowMs();
    const understood = known ?? (await this.classify(words.text));
    if (this.isOver()) return;
    const verdict = withoutDoubtfulConsent(understood, words.text, words.confidence);
    const understoodAtMs = this.deps.nowMs();
    const objection = words.text === '' ? null : this.deps.matchObjection(words.text);
    this.recordTurn(
      {
        transcript: words.text,
        asrConfidence: words.confidence,
        intent: verdict.intent,
        intentConfidence: verdict.confidence,
        processingMethod: verdict.method,
        bargeIn: interrupted !== null,
        speechNumber: heard.number,
        objectionId: objection?.objectionId ?? null,
      },
      {
        ...NO_MOMENTS,
        spokeOverPromptAtMs: interrupted?.spokenOverAtMs ?? null,
        promptSilencedAtMs: interrupted?.silencedAtMs ?? null,
        speechEndedAtMs: heard.speechEndedAtMs,
        turnEndedAtMs: heard.turnEndedAtMs,
        transcribedAtMs: wordsAtMs,
        askedAtMs,
        understoodAtMs,
      },
      { type: 'utterance', intent: verdict.intent, text: words.text, objection },
    );
  }

  private classify(text: string): Promise<IntentVerdict> {
    if (text === '') {
      return Promise.resolve({ intent: 'not_understood', confidence: 1, method: 'rule' });
    }
    return this.early.classify(this.requestFor(text));
  }

  private requestFor(text: string): IntentRequest {
    return { text, question: this.lastPromptText, signal: this.deps.signal };
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
        speechNumber: null,
        objectionId: null,
      },
      NO_MOMENTS,
      { type: 'utterance', intent: 'silence', text: '', objection: null },
    );
  }

  private recordTurn(understood: UnderstoodTurn, moments: TurnMoments, event: ScenarioEvent): void {
    this.turns.begin(understood, moments, this.state.stepId);
    this.listeningSinceMs = null;
    this.answerTimeoutMs = null;
    this.tell(event);
    this.turns.complete({});
  }

  private nextStep(): string | null {
    return this.hasEnded && this.playing === null ? null : this.state.stepId;
  }

  /** The scenario or the session ended the call: nothing may be played any more. */
  private isOver(): boolean {
    return this.hasEnded || this.deps.signal.aborted;
  }

  private isListening(): boolean {
    return this.listeningSinceMs !== null;
  }

  private isEchoOfLastPrompt(said: Pick<Utterance, 'heard' | 'words'>): boolean {
    const { lastPlayed, promptEndedAtMs } = this;
    if (lastPlayed === null || promptEndedAtMs === null) return false;
    return isEndOfEcho(said, lastPlayed, {
      promptEndedAtMs,
      echoDelayMs: this.options.bargeIn.echoDelayMs,
    });
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
    this.listeningSinceMs = null;
    this.answerTimeoutMs = null;
    this.lastPromptText = prompt.text;
    this.player.play(prompt);
  }

  private end(ending: ScenarioEnding): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.early.forget();
    this.listeningSinceMs = null;
    this.hooks.onEnd(ending);
  }
}
