import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Conversation, type ConversationOptions } from './conversation.ts';
import { dispositionFor, type EndReason } from './disposition.ts';
import type { CallLegEvent, LegEnd } from './events.ts';
import type { ObjectionMatch } from './objections/match.ts';
import type {
  AmdVerdict,
  CallJournal,
  CallLeg,
  CalleeSpeech,
  HeardDisclosure,
  IntentClassifier,
  MessageLeft,
  PlayedPrompt,
  SpeechRecognizer,
  Telephony,
  Turn,
  VoiceActivityDetector,
  VoiceActivityDetectorOptions,
} from './ports.ts';
import type { ConversationPrompt } from './prompt-player.ts';
import { heardDisclosures, recordingNotices } from './scenario/disclosure.ts';
import type { ScenarioEnding } from './scenario/machine.ts';
import type { Scenario } from './scenario/schema.ts';
import { fillTemplate, type TemplateValues } from './scenario/template.ts';
import { AnswerScreen, type AnswerScreenOptions } from './turn/answer-screen.ts';
import { Listener, type HeardTurn, type ListenerOptions } from './turn/listener.ts';
import { VoicemailMessage, type VoicemailOptions } from './turn/voicemail-message.ts';

/** One call to make. */
export interface CallPlan {
  /** Also the channel's UUID on the switch. */
  callId: string;
  /** E.164 with leading `+`. */
  number: string;
  callerIdNumber: string | null;
  scenario: Scenario;
  /** The objection that a text raises in this scenario's themes; null when none fits. */
  matchObjection: (text: string) => ObjectionMatch | null;
  /** Values for `{{first_name}}` and the like in the prompts' texts. */
  contact: TemplateValues;
  /**
   * Absolute path on the switch, where the call is recorded once a step that gives notice of it was heard to its end; null
   * records nothing.
   */
  recordingPath: string | null;
  journal: CallJournal;
  /** Length of a recording; absent or null where it is not known. */
  promptMs?: (audioPath: string) => number | null;
}

export interface CallSessionOptions {
  listener: ListenerOptions;
  conversation: ConversationOptions;
  /** Null talks to whoever answers. */
  amd: AnswerScreenOptions | null;
  /** When a scenario's message is left on a machine. */
  voicemail: VoicemailOptions;
  vadAggressiveness: VoiceActivityDetectorOptions['aggressiveness'];
  ringTimeoutMs: number;
  maxDurationMs: number;
  /** The switch's own ring timeout must have fired this long after it was due. */
  ringGraceMs: number;
  /** No audio for this long after the answer, or in between, ends the call. */
  audioStallMs: number;
  /** After a hangup was ordered, `leg-ended` must come within this. */
  hangupDeadlineMs: number;
}

export interface CallSessionDeps {
  telephony: Pick<Telephony, 'originate'>;
  recognizer: SpeechRecognizer;
  createVoiceActivityDetector: (options: VoiceActivityDetectorOptions) => VoiceActivityDetector;
  classifier: IntentClassifier;
  logger: Logger;
  nowMs: () => number;
  newPlaybackId: () => string;
}

export type TranscriptLine = ({ speaker: 'bot' } & PlayedPrompt) | ({ speaker: 'contact' } & CalleeSpeech);

/** What came of one attempt. Busy, no answer and voicemail are results, not errors. */
export interface CallResult {
  result: string;
  endReason: EndReason;
  /** False when nobody's phone rang and the fault was not theirs: the attempt is made again, uncounted. */
  counted: boolean;
  hangupCause: string;
  sipStatus: number | null;
  answered: boolean;
  rang: boolean;
  amd: AmdVerdict | null;
  /** What was left on the answering machine; null when nothing was. */
  messageLeft: MessageLeft | null;
  /** Steps in the order in which they were entered. */
  steps: string[];
  turns: Turn[];
  /** Both sides: prompts in the order in which they began, what was heard in the order in which it was understood. */
  transcript: TranscriptLine[];
  /** Audio came from the switch; null when nobody answered, or not for long enough to tell. */
  audioArrived: boolean | null;
  /** Answer to end; null when never answered. */
  durationMs: number | null;
  /** What was heard of what tells people who calls them; null when nobody answered. */
  disclosure: HeardDisclosure[] | null;
  /** The callee asked not to be called again. */
  optOut: boolean;
  /** Where the switch recorded the call; null when it did not. */
  recordingPath: string | null;
}

/** Audio comes within some 100 ms of the answer; who hung up earlier than this says nothing about it. */
const AUDIO_DUE_MS = 1500;

const UNREACHABLE_LEG: LegEnd = {
  hangupCause: 'LINK_LOST',
  sipStatus: null,
  unanswered: 'failed',
  rang: false,
  answered: false,
  endedBy: null,
};

/**
 * One call from originate to hangup, and the only owner of its leg, listener, timers and abort controller. Events come in
 * one after the other from the leg; they are routed to the parts, which know nothing of each other.
 */
export class CallSession {
  private readonly abort = new AbortController();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly steps: string[] = [];
  private readonly turns = new Map<number, Turn>();
  private readonly transcript = new Map<string, TranscriptLine>();
  /** Steps that tell the callee that the call is recorded. */
  private readonly notices: ReadonlySet<string>;
  private readonly finished: Promise<LegEnd>;
  private finish: (leg: LegEnd) => void = () => undefined;

  private leg: CallLeg | null = null;
  private listener: Listener | null = null;
  private screen: AnswerScreen | null = null;
  /** A machine answered, and the scenario has a message for it. */
  private voicemail: VoicemailMessage | null = null;
  private message: { playbackId: string; startedAtMs: number | null } | null = null;
  private messageLeft: MessageLeft | null = null;
  private conversation: Conversation | null = null;

  private answeredAtMs: number | null = null;
  private hasAudio = false;
  private endedAtMs: number | null = null;
  private audioWatchdog: NodeJS.Timeout | null = null;
  private amd: AmdVerdict | null = null;
  private endReason: EndReason | null = null;
  private isRecordingOrdered = false;
  private closing: Promise<void> | null = null;
  /** Nothing is written down any more. */
  private isClosed = false;
  private recordingPath: string | null = null;
  private scenarioEnding: ScenarioEnding | null = null;

  constructor(
    private readonly deps: CallSessionDeps,
    private readonly plan: CallPlan,
    private readonly options: CallSessionOptions,
  ) {
    this.notices = new Set(recordingNotices(plan.scenario).map(({ id }) => id));
    this.finished = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  /**
   * Makes the call; resolves when it is over and everything it held is released. Aborting `signal` hangs up (end reason
   * `cancelled`). Call it once.
   */
  async run(signal: AbortSignal): Promise<CallResult> {
    const cancel = () => this.endCall('cancelled');
    signal.addEventListener('abort', cancel, { once: true });
    try {
      if (signal.aborted) return this.resultFor(UNREACHABLE_LEG, 'cancelled');
      this.originate();
      const leg = await this.finished;
      const endReason = this.endReason ?? this.reasonOfEnd(leg);
      this.noteUnfinished();
      await this.close();
      return this.resultFor(leg, endReason);
    } finally {
      signal.removeEventListener('abort', cancel);
      await this.close();
    }
  }

  private originate(): void {
    const { plan, options } = this;
    this.leg = this.deps.telephony.originate({
      channelUuid: plan.callId,
      number: plan.number,
      callerIdNumber: plan.callerIdNumber,
      ringTimeoutMs: options.ringTimeoutMs,
      maxDurationMs: options.maxDurationMs,
      onEvent: (event) => this.receive(event),
    });
    this.after(options.ringTimeoutMs + options.ringGraceMs, () => {
      if (this.answeredAtMs === null) this.endCall('not-answered');
    });
  }

  // ---- events of the leg -----------------------------------------------------------------------------------

  private receive(event: CallLegEvent): void {
    try {
      this.route(event);
    } catch (error) {
      this.deps.logger.error({ err: error, event: event.type }, 'call session failed on an event');
      this.endCall('internal-error');
    }
  }

  private route(event: CallLegEvent): void {
    switch (event.type) {
      case 'leg-created':
        this.plan.journal.record({ type: 'created', at: new Date() });
        return;
      case 'leg-ringing':
        this.plan.journal.record({ type: 'ringing', at: new Date() });
        return;
      case 'leg-answered':
        this.onAnswered(event.atMs);
        return;
      case 'audio-started':
        this.onAudioStarted(event.sampleRateHz);
        return;
      case 'audio-frame':
        this.onFrame(event.samples, event.atMs);
        return;
      case 'audio-lost':
        // Also what a hangup looks like from the media side: the audio watchdog ends the call unless it ends by itself.
        this.deps.logger.debug({ reason: event.reason }, 'audio of the call stopped');
        return;
      case 'playback-started':
        this.conversation?.onPlaybackStarted(event.playbackId, event.atMs);
        if (this.message?.playbackId === event.playbackId) {
          this.message.startedAtMs = event.atMs;
          this.noteMessage(event.atMs, null);
        }
        return;
      case 'playback-paused':
        this.conversation?.onPlaybackPaused(event.playbackId, event.atMs);
        return;
      case 'playback-resumed':
      case 'digit-received':
        return;
      case 'playback-finished':
        this.conversation?.onPlaybackFinished(event.playbackId, event.outcome, event.atMs);
        if (this.message?.playbackId === event.playbackId) this.onMessageFinished(this.message, event);
        return;
      case 'recording-started':
        this.recordingPath = event.path;
        this.plan.journal.record({
          type: 'recording-started',
          path: event.path,
          sinceAnswerMs: this.sinceAnswer(event.atMs),
        });
        return;
      case 'recording-failed':
        this.deps.logger.warn({ problem: event.problem }, 'the call is not recorded, or not all of it');
        this.plan.journal.record({ type: 'recording-failed', problem: event.problem });
        return;
      case 'command-failed':
        this.deps.logger.warn(
          { command: event.command, detail: event.detail },
          'the switch refused a command',
        );
        return;
      case 'leg-ended':
        this.endedAtMs = event.atMs;
        this.finish(event);
        return;
    }
  }

  private onAnswered(atMs: number): void {
    if (this.answeredAtMs !== null) return;
    this.answeredAtMs = atMs;
    this.plan.journal.record({ type: 'answered', at: new Date() });
    this.after(this.options.maxDurationMs, () => this.endCall('max-duration'));
    this.armAudioWatchdog();
    this.leg?.startAudio();
  }

  private onAudioStarted(sampleRateHz: number): void {
    this.hasAudio = true;
    if (this.listener !== null || this.endReason !== null) return;
    if (sampleRateHz !== 8000 && sampleRateHz !== 16000)
      throw new RangeError(`no listener for ${sampleRateHz} Hz audio`);
    const { deps, options } = this;
    this.listener = new Listener(
      {
        vad: deps.createVoiceActivityDetector({ sampleRateHz, aggressiveness: options.vadAggressiveness }),
        recognizer: deps.recognizer,
        sampleRateHz,
        nowMs: deps.nowMs,
        onError: (error) => deps.logger.warn({ err: error }, 'speech recognition failed on an utterance'),
      },
      options.listener,
    );
    if (options.amd === null) {
      this.converse(this.listener);
      return;
    }
    const { frameMs } = options.listener.speech;
    this.screen = new AnswerScreen(options.amd, { sampleRateHz, frameMs });
  }

  private onFrame(samples: Int16Array, atMs: number): void {
    const { listener } = this;
    if (listener === null || this.endReason !== null) return;
    this.armAudioWatchdog();
    const { frameMs } = this.options.listener.speech;
    const heardBefore = listener.partialText;
    const heard = listener.hear(samples, atMs);
    const { partialText } = listener;
    if (partialText !== heardBefore && partialText !== '') {
      this.plan.journal.record({ type: 'partial-heard', at: new Date(), text: partialText });
    }
    if (heard !== null) void this.noteHeard(heard);
    if (this.conversation !== null) {
      this.conversation.onFrame(frameMs, heard);
      return;
    }
    if (this.screen !== null) this.screenFrame(this.screen, listener, samples, heard);
  }

  /** Person or machine? And on a machine: is it time for the message? */
  private screenFrame(
    screen: AnswerScreen,
    listener: Listener,
    samples: Int16Array,
    heard: HeardTurn | null,
  ): void {
    const { nowMs, isVoiced, partialText } = listener;
    const verdict = screen.advance({ nowMs, isVoiced, partialText, samples, heard });
    if (verdict !== null) this.onScreened(verdict, listener);
    if (this.voicemail === null || this.message !== null) return;
    const beepHeard = screen.tone === 'beep';
    switch (this.voicemail.advance({ nowMs, isVoiced, text: screen.text, beepHeard })) {
      case 'speak':
        this.leaveMessage();
        return;
      case 'refuse':
        this.endCall('answering-machine');
        return;
      case null:
        return;
    }
  }

  private onScreened(verdict: AmdVerdict, listener: Listener): void {
    this.amd = verdict;
    this.plan.journal.record({ type: 'amd-decided', at: new Date(), amd: verdict });
    if (verdict.result !== 'MACHINE') {
      this.noteUnfinishedSpeech();
      listener.discardTurn();
      this.converse(listener);
    } else if (this.plan.scenario.voicemailMessage === null) {
      this.endCall('answering-machine');
    } else {
      this.voicemail = new VoicemailMessage(this.options.voicemail);
    }
  }

  private leaveMessage(): void {
    const { voicemailMessage } = this.plan.scenario;
    if (voicemailMessage === null) return;
    const { audioPath } = voicemailMessage;
    const message = { playbackId: this.deps.newPlaybackId(), startedAtMs: null };
    this.message = message;
    this.leg?.play({ playbackId: message.playbackId, audioPath });
    this.after(this.options.conversation.promptStartDeadlineMs, () => {
      if (this.message?.startedAtMs === null) this.endCall('answering-machine');
    });
  }

  private onMessageFinished(
    { startedAtMs }: { startedAtMs: number | null },
    { atMs, outcome, playedMs }: Extract<CallLegEvent, { type: 'playback-finished' }>,
  ): void {
    if (startedAtMs !== null && outcome !== 'failed') {
      this.messageLeft = {
        playedMs: Math.round(playedMs ?? atMs - startedAtMs),
        completed: outcome === 'completed',
      };
      this.plan.journal.record({ type: 'message-left', at: new Date(), message: this.messageLeft });
      this.noteMessage(startedAtMs, atMs);
    }
    this.endCall('answering-machine');
  }

  /** The message is the only prompt of its call. */
  private noteMessage(startedAtMs: number, endedAtMs: number | null): void {
    const { scenario, contact } = this.plan;
    this.noteLine({
      speaker: 'bot',
      number: 1,
      step: 'voicemail',
      text: fillTemplate(scenario.voicemailMessage?.text ?? '', contact),
      startedMs: this.sinceAnswer(startedAtMs),
      endedMs: endedAtMs === null ? null : this.sinceAnswer(endedAtMs),
      heardMs: this.messageLeft?.playedMs ?? 0,
      completed: this.messageLeft?.completed ?? false,
    });
  }

  private converse(listener: Listener): void {
    const { deps, plan, leg } = this;
    if (leg === null) return;
    this.conversation = new Conversation(
      {
        leg,
        listener,
        scenario: plan.scenario,
        classifier: deps.classifier,
        matchObjection: plan.matchObjection,
        newPlaybackId: deps.newPlaybackId,
        nowMs: deps.nowMs,
        signal: this.abort.signal,
      },
      this.options.conversation,
      {
        onStep: (step) => {
          this.steps.push(step);
          plan.journal.record({ type: 'step-entered', at: new Date(), step });
        },
        onPlayed: (played) => this.onPlayed(played),
        onTurn: (turn) => this.noteTurn(turn),
        onEnd: (ending) => {
          this.scenarioEnding = ending;
          this.endCall('scenario');
        },
        onError: (error) => {
          deps.logger.error({ err: error }, 'a turn could not be understood');
          this.endCall('internal-error');
        },
      },
    );
    this.conversation.start();
  }

  private onPlayed({ number, prompt, startedAtMs, endedAtMs, heardMs, completed }: ConversationPrompt): void {
    this.noteLine({
      speaker: 'bot',
      number,
      step: prompt.label,
      text: fillTemplate(prompt.text, this.plan.contact),
      startedMs: this.sinceAnswer(startedAtMs),
      endedMs: endedAtMs === null ? null : this.sinceAnswer(endedAtMs),
      heardMs,
      completed,
    });
    if (completed && this.notices.has(prompt.label)) this.startRecording();
  }

  /** Only once the callee has been told, to the end of the prompt. */
  private startRecording(): void {
    const { recordingPath } = this.plan;
    if (recordingPath === null || this.isRecordingOrdered || this.endReason !== null) return;
    this.isRecordingOrdered = true;
    this.leg?.startRecording({ path: recordingPath });
  }

  private async noteHeard({
    number,
    speechStartedAtMs,
    speechEndedAtMs,
    transcript,
  }: HeardTurn): Promise<void> {
    const { text, confidence, words, hasUnknownWords } = await transcript;
    // A cough or line noise.
    if (text === '' && !hasUnknownWords) return;
    this.noteLine({
      speaker: 'contact',
      number,
      text,
      startedMs: this.sinceAnswer(speechStartedAtMs),
      endedMs: this.sinceAnswer(speechEndedAtMs),
      confidence,
      words: words.map((word) => ({
        ...word,
        startMs: this.sinceAnswer(word.startMs),
        endMs: this.sinceAnswer(word.endMs),
      })),
    });
  }

  /** What is being said when it no longer matters: as far as it was recognised. */
  private noteUnfinishedSpeech(): void {
    const unfinished = this.listener?.unfinishedTurn ?? null;
    if (unfinished === null || unfinished.text === '') return;
    const { number, text, speechStartedAtMs, speechEndedAtMs } = unfinished;
    this.noteLine({
      speaker: 'contact',
      number,
      text,
      startedMs: this.sinceAnswer(speechStartedAtMs),
      endedMs: this.sinceAnswer(speechEndedAtMs),
      confidence: null,
      words: [],
    });
  }

  /** What a hangup cut off. */
  private noteUnfinished(): void {
    this.noteUnfinishedSpeech();
    this.conversation?.onCallEnded(this.endedAtMs ?? this.deps.nowMs());
  }

  /** A line told again takes the place of what was known of it. */
  private noteLine(line: TranscriptLine): void {
    if (this.isClosed) return;
    this.transcript.set(`${line.speaker} ${line.number}`, line);
    this.plan.journal.record(
      line.speaker === 'bot'
        ? { type: 'prompt-played', prompt: line }
        : { type: 'speech-heard', speech: line },
    );
  }

  private noteTurn(turn: Turn): void {
    this.turns.set(turn.turnNumber, turn);
    this.plan.journal.record({ type: 'turn-taken', at: new Date(), turn });
  }

  // ---- ending ----------------------------------------------------------------------------------------------

  /** The first cause wins. Hangs up; the call is over when the leg says so, or when it fails to within the deadline. */
  private endCall(reason: EndReason): void {
    if (this.endReason !== null) return;
    this.endReason = reason;
    this.abort.abort();
    this.leg?.hangUp();
    this.after(this.options.hangupDeadlineMs, () => {
      this.deps.logger.warn({ reason }, 'the switch did not confirm the hangup in time');
      this.finish({ ...UNREACHABLE_LEG, rang: true, answered: this.answeredAtMs !== null });
    });
  }

  private resultFor(leg: LegEnd, endReason: EndReason): CallResult {
    const disposition = dispositionFor({ reason: endReason, scenario: this.scenarioEnding, leg });
    const durationMs =
      this.answeredAtMs === null
        ? null
        : Math.max(0, (this.endedAtMs ?? this.deps.nowMs()) - this.answeredAtMs);
    return {
      ...disposition,
      endReason,
      hangupCause: leg.hangupCause,
      sipStatus: leg.sipStatus,
      answered: leg.answered,
      rang: leg.rang,
      amd: this.amd,
      messageLeft: this.messageLeft,
      steps: this.steps,
      turns: [...this.turns.values()],
      transcript: [...this.transcript.values()],
      audioArrived: this.hasAudio || (durationMs !== null && durationMs >= AUDIO_DUE_MS ? false : null),
      durationMs,
      disclosure:
        this.answeredAtMs === null
          ? null
          : heardDisclosures(
              this.plan.scenario,
              this.conversation?.heardPrompts() ?? [],
              this.plan.promptMs ?? (() => null),
            ),
      optOut: this.scenarioEnding?.reason === 'opt-out',
      recordingPath: this.recordingPath,
    };
  }

  /** Releases everything in reverse order of opening. */
  private close(): Promise<void> {
    this.closing ??= this.release();
    return this.closing;
  }

  private async release(): Promise<void> {
    this.endReason ??= 'hangup';
    this.abort.abort();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    if (this.audioWatchdog !== null) clearTimeout(this.audioWatchdog);
    await this.listener?.close();
    await this.leg?.close();
    // What was still being decoded is known now; this lets it arrive.
    await nextTurnOfTheLoop();
    this.isClosed = true;
  }

  /** Milliseconds from the answer to a monotonic time. */
  private sinceAnswer(atMs: number): number {
    return Math.max(0, Math.round(atMs - (this.answeredAtMs ?? atMs)));
  }

  private after(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, delayMs);
    this.timers.add(timer);
  }

  private armAudioWatchdog(): void {
    if (this.audioWatchdog === null) {
      this.audioWatchdog = setTimeout(() => this.onAudioStalled(), this.options.audioStallMs);
    } else {
      this.audioWatchdog.refresh();
    }
  }

  /** A machine that records a message need not send anything while it does. */
  private onAudioStalled(): void {
    if (this.message === null) this.endCall(this.isMachine ? 'answering-machine' : 'audio-lost');
  }

  /** Why a call ended that we did not end ourselves. */
  private reasonOfEnd(leg: LegEnd): EndReason {
    if (leg.hangupCause === 'LINK_LOST') return 'link-lost';
    // The switch counts the same limit in whole seconds of its clock, and is often the first.
    if (leg.hangupCause === 'ALLOTTED_TIMEOUT' && leg.answered) return 'max-duration';
    if (!leg.answered) return 'not-answered';
    return this.isMachine ? 'answering-machine' : 'hangup';
  }

  private get isMachine(): boolean {
    return this.amd?.result === 'MACHINE';
  }
}
