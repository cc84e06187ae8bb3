import type { PlaybackOutcome } from './events.ts';
import { withoutDoubtfulConsent } from './intent/doubtful-consent.ts';
import { EarlyIntent, type EarlyIntentOptions } from './intent/early-intent.ts';
import type { ObjectionMatch } from './objections/match.ts';
import { latenciesOf, NO_MOMENTS, type TurnMoments } from './latency.ts';
import type { CallLeg, IntentClassifier, IntentRequest, IntentVerdict, Turn } from './ports.ts';
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
import { BargeIn, type BargeInAction, type BargeInOptions } from './turn/barge-in.ts';
import { expectedAnswerTo } from './turn/expected-answer.ts';
import type { HeardTurn, Listener } from './turn/listener.ts';
import { isBackchannel } from './turn/phrases.ts';
import type { SpokenWords } from './turn/turn-words.ts';

export interface ConversationOptions {
  bargeIn: BargeInOptions;
  /** False turns barge-in off for every prompt (`BARGE_IN_ENABLED`). */
  bargeInEnabled: boolean;
  /** What was said with at most this much of a prompt to come answers it. */
  answerOverlapMs: number;
  /** The same for what may as well be a backchannel ("oui"). */
  backchannelOverlapMs: number;
  /** Somebody speaking as the goodbye ends is heard out for at most this long. */
  hearOutMs: number;
  /** A prompt ordered but not heard to start within this much audio is given up. */
  promptStartDeadlineMs: number;
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

interface Playing {
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

/** A turn with its words, and when they were known. */
interface Utterance {
  heard: HeardTurn;
  words: SpokenWords;
  wordsAtMs: number;
}

/** Said over a prompt that had not given way to it. */
interface Overheard extends Utterance {
  over: Playing;
  /** How much of the prompt had been heard then. */
  saidAtMs: number;
  /** Since when it might have stopped the prompt; null: never. */
  spokenOverAtMs: number | null;
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
  /** Every prompt so far, the one that is playing too. */
  private readonly played: Playing[] = [];
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
  private openTurn: OpenTurn | null = null;
  private readonly early: EarlyIntent;
  private turnCount = 0;
  private hasEnded = false;

  constructor(
    private readonly deps: ConversationDeps,
    private readonly options: ConversationOptions,
    private readonly hooks: ConversationHooks,
  ) {
    this.state = startState(deps.scenario);
    this.early = new EarlyIntent(deps.classifier, options.earlyIntent);
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
    if (this.playing?.playbackId !== playbackId) return;
    this.playing.hasStarted = true;
    this.playing.startedAtMs = atMs;
    this.tellPlayed(this.playing, null);
    this.completeTurn({ replyStartedAtMs: atMs });
  }

  /** The switch confirms that the prompt is silent (paused by a beginning barge-in). */
  onPlaybackPaused(playbackId: string, atMs: number): void {
    if (this.playing?.playbackId === playbackId) this.playing.silencedAtMs ??= atMs;
  }

  onPlaybackFinished(playbackId: string, outcome: PlaybackOutcome, atMs: number): void {
    const playing = this.playing;
    if (playing?.playbackId !== playbackId) return;
    playing.wasCompleted = outcome === 'completed';
    this.tellPlayed(playing, atMs);
    this.playing = null;
    if (this.isOver()) return;
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

  /** The call is over: what still plays has ended with it. */
  onCallEnded(atMs: number): void {
    if (this.playing !== null) this.tellPlayed(this.playing, atMs);
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

  /** What never started is not told. */
  private tellPlayed(
    { number, prompt, startedAtMs, heardMs, wasCompleted }: Playing,
    endedAtMs: number | null,
  ): void {
    if (startedAtMs === null) return;
    this.hooks.onPlayed({ number, prompt, startedAtMs, endedAtMs, heardMs, completed: wasCompleted });
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
    listener.setPromptAudible(!playing.isPaused);
    if (playing.isStopping) return;
    if (!playing.isPaused) playing.heardMs += frameMs;
    if (listener.isInTurn && listener.isSpeaking) playing.spokenAtMs = playing.heardMs;
    if (!this.mayGiveWay(playing) || playing.isJudging) return;
    this.noteSpeechOver(playing);
    this.act(
      playing,
      playing.bargeIn.advance({
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
      }),
    );
  }

  /** A goodbye is said to its end; only a wish not to be called is still answered. */
  private mayGiveWay({ prompt }: Playing): boolean {
    return prompt.bargeIn && this.options.bargeInEnabled && this.pendingEnding === null;
  }

  /** What a prompt paused for in vain and is too faint for somebody on the telephone. */
  private learnEcho(): void {
    const { listener } = this.deps;
    if (listener.speechLevelDbfs < this.options.bargeIn.faintDbfs) listener.learnEcho();
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
        this.interrupted = playing;
        this.stopPrompt(playing);
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
    return Math.max(onsetAtMs, this.deps.listener.heardUntilMs - sinceGraceMs);
  }

  private stopPrompt(playing: Playing): void {
    playing.isStopping = true;
    this.deps.leg.stopPlayback(playing.playbackId);
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
    if (!this.overlapsEnd(overheard)) return;
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
        await this.overhear(heard, { over, saidAtMs: spokenAtMs, spokenOverAtMs });
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
    if (!this.deps.listener.isInTurn) this.act(over, over.bargeIn.dismiss());
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
      if (interrupted === null && this.isEndOfEcho(heard, words)) return;
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
    { over, saidAtMs, spokenOverAtMs }: Pick<Overheard, 'over' | 'saidAtMs' | 'spokenOverAtMs'>,
  ): Promise<void> {
    const { atMs: wordsAtMs, ...words } = await heard.transcript;
    if (this.isOver() || words.text === '') return;
    const said: Overheard = { heard, words, wordsAtMs, over, saidAtMs, spokenOverAtMs };
    const isClear = over.bargeIn.isClear(words, heard);
    const shouldHaveGivenWay = spokenOverAtMs !== null && over.bargeIn.takesTheTurn(words, heard);
    if (this.playing === null && this.isListening() && this.overlapsEnd(said)) {
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
        playing.spokenOverAtMs = spokenOverAtMs ?? this.spokenOverSince(playing, heard.speechStartedAtMs);
      }
      this.stopPrompt(playing);
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

  /** Said so near the prompt's end that it answers it. */
  private overlapsEnd({ over, saidAtMs, heard, words }: Overheard): boolean {
    const { answerOverlapMs, backchannelOverlapMs } = this.options;
    const overlapMs = isBackchannel(words.text) ? backchannelOverlapMs : answerOverlapMs;
    return over.heardMs - saidAtMs <= overlapMs && over.bargeIn.isMeantForUs(words, heard);
  }

  /** The prompt's last words come back after its end. */
  private isEndOfEcho(heard: HeardTurn, words: SpokenWords): boolean {
    const { lastPlayed, promptEndedAtMs } = this;
    if (lastPlayed === null || promptEndedAtMs === null) return false;
    if (heard.speechStartedAtMs > promptEndedAtMs + this.options.bargeIn.echoDelayMs) return false;
    const { bargeIn } = lastPlayed;
    if (!bargeIn.isFaint(heard)) return false;
    const endsWithPrompt = heard.speechEndedAtMs <= promptEndedAtMs + this.options.bargeIn.echoDelayMs;
    return !(endsWithPrompt ? bargeIn.isMeantForUs(words, heard) : bargeIn.isClear(words, heard));
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

  private end(ending: ScenarioEnding): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.early.forget();
    this.listeningSinceMs = null;
    this.hooks.onEnd(ending);
  }
}
