import type { CallLegEvent } from './events.ts';
import type { Intent } from './intent/intents.ts';

// ---------------------------------------------------------------------------------------------------------
// Telephony
// ---------------------------------------------------------------------------------------------------------

/** A switch that places calls. One per process; opened by `workers/main.ts`, closed by it. */
export interface Telephony {
  /**
   * Starts one attempt and returns its leg at once. Everything that happens is told to `onEvent`, in order;
   * `leg-ended` comes exactly once and last, also when the switch refuses or is unreachable.
   */
  originate(request: OriginateRequest): CallLeg;
  /** Channels of ours that are alive on the switch now. Rejects when the switch cannot be asked. */
  listChannels(): Promise<LiveChannel[]>;
  /** True when the switch has this channel. Rejects when the switch cannot be asked. */
  channelExists(channelUuid: string): Promise<boolean>;
  /** Hangs up a channel nobody here owns (reconciliation). A channel that is gone already is a success. */
  hangUpChannel(channelUuid: string): Promise<void>;
  /** Resolves once the switch can take calls; rejects with an `OperatorError` that says what to mend. */
  ready(options: { signal: AbortSignal }): Promise<void>;
  isReady(): boolean;
  /** Tries whether audio arrives from the switch, without calling anybody. Rejects when the switch cannot be asked. */
  probeAudio(): Promise<AudioReach>;
  /** Ends every leg, closes every socket. May be called twice. */
  close(): Promise<void>;
}

export interface OriginateRequest {
  /** Chosen by us: also the channel's UUID on the switch. */
  channelUuid: string;
  /** E.164 with leading `+`. */
  number: string;
  /** E.164 with leading `+`, or null for the gateway's own. */
  callerIdNumber: string | null;
  ringTimeoutMs: number;
  /** The switch itself ends the call after this, even if this process dies. */
  maxDurationMs: number;
  onEvent: (event: CallLegEvent) => void;
}

/**
 * One leg as its session drives it. Commands return at once and are safe in any state; what came of them arrives
 * as events (`command-failed` when the switch refused).
 */
export interface CallLeg {
  readonly channelUuid: string;
  /** Streams the callee's audio as `audio-frame`s. Only after `leg-answered`; earlier calls wait for it. */
  startAudio(): void;
  /** Plays a prompt; `audioPath` is relative to the sounds directory, e.g. `julie/base/hello.wav`. */
  play(prompt: { playbackId: string; audioPath: string }): void;
  /** Silences the prompt, keeping its position. Remembered and carried out when the prompt has not started yet. */
  pausePlayback(playbackId: string): void;
  /** Goes on exactly where `pausePlayback` stopped. */
  resumePlayback(playbackId: string): void;
  /** Ends the prompt. Remembered and carried out when it has not started yet. */
  stopPlayback(playbackId: string): void;
  /**
   * Stereo recording on the switch, until the call ends: callee left, bot right. `path` is absolute on the switch's file
   * system. `recording-started` follows, or `recording-failed`, or later both.
   */
  startRecording(recording: { path: string }): void;
  hangUp(): void;
  /** Releases the leg's resources; hangs up first if it still lives. Idempotent; waits for a bounded time. */
  close(): Promise<void>;
}

export type AudioReach =
  | { result: 'arrives'; reason: null }
  | { result: 'missing'; reason: string }
  /** This switch cannot try it without calling somebody. */
  | { result: 'untried'; reason: string };

export interface LiveChannel {
  channelUuid: string;
  createdAt: Date | null;
  answered: boolean;
}

// ---------------------------------------------------------------------------------------------------------
// Speech
// ---------------------------------------------------------------------------------------------------------

/** Tells speech from other sound, one 20 ms frame at a time. One per call: it adapts to the line's noise. */
export interface VoiceActivityDetector {
  isSpeech(frame: Int16Array): boolean;
  reset(): void;
  close(): void;
}

export interface VoiceActivityDetectorOptions {
  sampleRateHz: 8000 | 16000;
  /** 0 takes most for speech, 3 least (`VAD_MODE`). */
  aggressiveness: 0 | 1 | 2 | 3;
}

/** A loaded speech model. One per process. */
export interface SpeechRecognizer {
  open(options: RecognizerStreamOptions): RecognizerStream;
  close(): Promise<void>;
}

export interface RecognizerStreamOptions {
  sampleRateHz: number;
  /** The utterance so far; called when it changes. `''` is not reported. */
  onPartial: (partial: { text: string; atMs: number }) => void;
  /** Decoding failed; the stream stays usable for the next utterance. */
  onError: (error: Error) => void;
}

/** One call's recogniser. Decodes off the event loop; calls return at once and are carried out in order. */
export interface RecognizerStream {
  /** Queues audio of the current utterance. The stream owns `samples` from then on. */
  write(samples: Int16Array): void;
  /** Ends the utterance: decodes what is queued, resolves with its final transcript, starts a new one. */
  finish(): Promise<Transcript>;
  /** Forgets the current utterance. */
  discard(): void;
  /** Frees the recogniser once nothing is in flight. Idempotent. */
  close(): Promise<void>;
}

export interface Transcript {
  /** Lower case, out-of-vocabulary tokens removed, single spaces; `''` when nothing was understood. */
  text: string;
  /** Mean word confidence 0–1; 0 for an empty text. */
  confidence: number;
  words: TranscriptWord[];
  /** Some of the speech was outside the vocabulary (`[unk]`). */
  hasUnknownWords: boolean;
}

export interface TranscriptWord {
  word: string;
  /** From the start of the utterance's audio. */
  startMs: number;
  endMs: number;
  confidence: number;
}

// ---------------------------------------------------------------------------------------------------------
// Understanding
// ---------------------------------------------------------------------------------------------------------

export interface IntentClassifier {
  /** Never rejects for a slow or failing service: it answers with what it has. Rejects only when aborted. */
  classify(request: IntentRequest): Promise<IntentVerdict>;
  /**
   * Begins on words that may not be the last, where understanding them takes time. Null where it takes none or cannot be
   * begun now. What is begun ends with `verdict` or `cancel`.
   */
  anticipate(request: IntentRequest): AnticipatedIntent | null;
  close(): Promise<void>;
}

export interface AnticipatedIntent {
  /** As `classify` for the same request; of its deadline only the wait from now on counts. */
  verdict(): Promise<IntentVerdict>;
  cancel(): void;
}

export interface IntentRequest {
  text: string;
  /** What the bot had just asked, as the scenario's `text` says it; null before the first prompt. */
  question: string | null;
  signal: AbortSignal;
}

export interface IntentVerdict {
  intent: Intent;
  /** 0–1. */
  confidence: number;
  /** Which path decided: `rule` and `local` on this machine, `ollama` the model, `local_fallback` when it failed. */
  method: IntentMethod;
}

export type IntentMethod = 'rule' | 'local' | 'ollama' | 'local_fallback';

// ---------------------------------------------------------------------------------------------------------
// Record
// ---------------------------------------------------------------------------------------------------------

/** Where a call writes what happens, as it happens. `record` never blocks nor throws: the frame path calls it. */
export interface CallJournal {
  record(entry: JournalEntry): void;
  /** Resolves when everything recorded is stored; rejects when it could not be. */
  flush(options: { signal: AbortSignal }): Promise<void>;
}

export type JournalEntry =
  /** The switch has the channel: the order to dial was carried out. */
  | { type: 'created'; at: Date }
  | { type: 'ringing'; at: Date }
  | { type: 'answered'; at: Date }
  | { type: 'amd-decided'; at: Date; amd: AmdVerdict }
  | { type: 'message-left'; at: Date; message: MessageLeft }
  | { type: 'step-entered'; at: Date; step: string }
  /** Told when a prompt starts and again, with the same number, when it has ended. */
  | { type: 'prompt-played'; prompt: PlayedPrompt }
  | { type: 'speech-heard'; speech: CalleeSpeech }
  /** The switch writes the call into this file from `sinceAnswerMs` on. */
  | { type: 'recording-started'; path: string; sinceAnswerMs: number }
  /** It writes none, or one that lacks something. */
  | { type: 'recording-failed'; problem: string }
  | { type: 'partial-heard'; at: Date; text: string }
  | { type: 'turn-taken'; at: Date; turn: Turn };

/** The problem of a recording that is there and can be listened to. */
export const RECORDING_CUT_SHORT = 'the switch could not write all of the recording';

/** One playing of a prompt. Times are milliseconds since the answer. */
export interface PlayedPrompt {
  /** Counts the prompts of the call from 1. */
  number: number;
  /** As `Prompt.label` has it. */
  step: string;
  /** What it says, variables filled in. */
  text: string;
  startedMs: number;
  /** Null while it plays. */
  endedMs: number | null;
  /** How much of it was heard; pauses do not count. */
  heardMs: number;
  /** Heard to its end. */
  completed: boolean;
}

/** Something the callee said, whether or not it was taken for a turn. Times are milliseconds since the answer. */
export interface CalleeSpeech {
  /** Counts what was heard in the call from 1. */
  number: number;
  /** `''`: nobody knows what. */
  text: string;
  startedMs: number;
  endedMs: number;
  /** Null when it was not decoded to its end. */
  confidence: number | null;
  /** Their times too are since the answer. */
  words: readonly TranscriptWord[];
}

/** What a prompt can tell the person called: that a system calls, for whom, how to object, that the call is recorded. */
export const DISCLOSURES = ['automated', 'caller', 'opposition', 'recording'] as const;
export type Disclosure = (typeof DISCLOSURES)[number];
/** What everybody must be told. */
export const REQUIRED_DISCLOSURES = [
  'automated',
  'caller',
  'opposition',
] as const satisfies readonly Disclosure[];

/** How much of a disclosing prompt the person heard; at most one entry for each step, the one heard longest. */
export interface HeardDisclosure {
  step: string;
  discloses: readonly Disclosure[];
  heardMs: number;
  /** Length of the recording; null where it is not known. */
  totalMs: number | null;
  /** It was cut: spoken over, or the call ended. */
  interrupted: boolean;
}

export interface AmdVerdict {
  result: 'HUMAN' | 'MACHINE' | 'UNKNOWN';
  /** Which rule decided, e.g. `words:messagerie`, `timing:long-greeting`, `deadline`. */
  reason: string;
  /** Audio time from the answer to the verdict. */
  afterMs: number;
}

/** What a machine recorded of the scenario's message. */
export interface MessageLeft {
  /** How much of it was played. */
  playedMs: number;
  /** To its end. */
  completed: boolean;
}

/** One exchange: what the bot asked, what was heard, what it was taken for. A row of `call_interactions`. */
export interface Turn {
  turnNumber: number;
  step: string;
  transcript: string;
  asrConfidence: number;
  intent: Intent;
  intentConfidence: number;
  processingMethod: IntentMethod | 'timeout';
  /** The callee spoke over the prompt and it was stopped. */
  bargeIn: boolean;
  latencies: TurnLatencies;
  /** Number of the `CalleeSpeech` that it was taken from; null for silence. */
  speechNumber: number | null;
  /** Id of the matched objection, e.g. `or/risky`; null when none was looked for or none fitted. */
  objectionId: string | null;
  /** The step the scenario went to; null when the call ended here. */
  nextStep: string | null;
}

/** Milliseconds; null where the turn had no such thing. SPEC C10. */
export interface TurnLatencies {
  /** Speech onset → order to silence the prompt carried out. */
  bargeInMs: number | null;
  /** End of speech → final transcript. */
  asrMs: number | null;
  /** Transcript → intent. */
  intentMs: number | null;
  /** End of speech → next prompt starts. */
  totalMs: number | null;
  /** End of speech → decision that the turn is over. */
  endpointingMs: number | null;
  /** Decision that the turn is over → next prompt starts. */
  responseMs: number | null;
}
