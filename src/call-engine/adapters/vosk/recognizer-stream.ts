import { MinibotError } from '../../../errors.ts';
import { concatSamples } from '../../audio/pcm.ts';
import type { RecognizerStream, RecognizerStreamOptions, Transcript } from '../../ports.ts';
import type { DecodeSlots } from './decode-slots.ts';
import type { SpeechEngine } from './speech-engine.ts';
import {
  EMPTY_TRANSCRIPT,
  joinParts,
  joinTexts,
  parsePartial,
  parseResult,
  type RecognizedPart,
} from './result.ts';

interface VoskStreamDeps {
  /** Makes the native recogniser. Called on first use, and again after a failure. */
  createEngine: (sampleRateHz: number) => Promise<SpeechEngine>;
  slots: DecodeSlots;
  /** Audio waiting to be decoded may not grow beyond this; what comes then is dropped and reported. */
  maxQueuedMs: number;
}

/** Audio is decoded in steps of this: the engine itself thinks in steps of 200 ms, and every step costs a thread switch. */
const STEP_MS = 100;
/** The longest step, when audio has piled up: other calls wait for it. */
const MAX_STEP_MS = 1000;

interface Utterance {
  readonly queue: Int16Array[];
  queuedSamples: number;
  droppedSamples: number;
  /** The engine has heard some of it. */
  reachedEngine: boolean;
  /** Decoding failed: the rest of it is not decoded. */
  failed: boolean;
  readonly parts: RecognizedPart[];
  partial: string;
  /** Set once the caller has ended it. */
  ending: { kind: 'finish'; resolve: (transcript: Transcript) => void } | { kind: 'discard' } | null;
}

/**
 * One call's recogniser. Utterances are worked off in order, each native call after the one before; nothing is handed to
 * the engine while another call of this stream is in flight.
 */
export class VoskStream implements RecognizerStream {
  private readonly utterances: Utterance[] = [];
  private open = newUtterance();
  private engine: SpeechEngine | null = null;
  private working: Promise<void> | null = null;
  private closing: Promise<void> | null = null;
  private queuedSamples = 0;

  constructor(
    private readonly deps: VoskStreamDeps,
    private readonly options: RecognizerStreamOptions,
  ) {}

  write(samples: Int16Array): void {
    if (this.closing !== null || samples.length === 0) return;
    const utterance = this.open;
    if (this.queuedSamples + samples.length > this.samplesIn(this.deps.maxQueuedMs)) {
      utterance.droppedSamples += samples.length;
      return;
    }
    if (!this.utterances.includes(utterance)) this.utterances.push(utterance);
    utterance.queue.push(samples);
    utterance.queuedSamples += samples.length;
    this.queuedSamples += samples.length;
    this.wake();
  }

  finish(): Promise<Transcript> {
    const utterance = this.open;
    this.open = newUtterance();
    this.reportDropped(utterance);
    if (this.closing !== null || !this.utterances.includes(utterance)) {
      return Promise.resolve(EMPTY_TRANSCRIPT);
    }
    return new Promise((resolve) => {
      utterance.ending = { kind: 'finish', resolve };
      this.wake();
    });
  }

  discard(): void {
    const utterance = this.open;
    this.open = newUtterance();
    this.reportDropped(utterance);
    utterance.ending = { kind: 'discard' };
    this.dropQueue(utterance);
    this.wake();
  }

  /** Resolves when everything that was given is decoded as far as it can be, and what came of it is told. */
  async settled(): Promise<void> {
    while (this.working !== null) await this.working;
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  /** Utterances whose `finish` was asked for are still decoded; the open one is dropped. */
  private async shutDown(): Promise<void> {
    this.open.ending = { kind: 'discard' };
    this.dropQueue(this.open);
    this.wake();
    await this.settled();
    await this.freeEngine();
  }

  private wake(): void {
    if (this.working !== null || !this.hasWork()) return;
    this.working = this.work().finally(() => {
      this.working = null;
      // What arrived between the last look and now.
      this.wake();
    });
  }

  private hasWork(): boolean {
    const next = this.utterances[0];
    if (next === undefined) return false;
    return next.ending !== null || next.queuedSamples >= this.samplesIn(STEP_MS);
  }

  private async work(): Promise<void> {
    while (this.hasWork()) {
      const utterance = this.utterances[0];
      if (utterance === undefined) return;
      // Somebody waits for the transcript of an ended utterance; partials can wait.
      await this.deps.slots.run(
        () => this.step(utterance),
        () => utterance.ending !== null,
      );
    }
  }

  /** Decodes some of the utterance, or ends it when nothing is queued any more. Never rejects. */
  private async step(utterance: Utterance): Promise<void> {
    try {
      if (utterance.queuedSamples > 0) await this.decode(utterance, this.takeQueued(utterance));
      else await this.end(utterance);
    } catch (error) {
      utterance.failed = true;
      this.report('ASR_FAILED', 'speech of one utterance could not be decoded', error);
      await this.freeEngine();
      if (utterance.ending !== null && utterance.queuedSamples === 0) this.settle(utterance);
    }
  }

  private async decode(utterance: Utterance, samples: Int16Array): Promise<void> {
    if (utterance.failed) return;
    this.engine ??= await this.deps.createEngine(this.options.sampleRateHz);
    const { engine } = this;
    if (!utterance.reachedEngine) {
      utterance.reachedEngine = true;
      engine.markOrigin();
    }
    const foundEnd = await engine.accept(samples);
    if (foundEnd) utterance.parts.push(parseResult(await engine.result(), engine.originMs));
    else if (utterance.ending === null) this.reportPartial(utterance, parsePartial(await engine.partial()));
  }

  private async end(utterance: Utterance): Promise<void> {
    if (utterance.reachedEngine && this.engine !== null && !utterance.failed) {
      // Also for a discarded one: a mere reset leaves its last 200 ms inside, to be heard as the next one's beginning.
      const last = await this.engine.finalResult();
      if (utterance.ending?.kind === 'finish') utterance.parts.push(parseResult(last, this.engine.originMs));
    }
    this.settle(utterance);
  }

  private settle(utterance: Utterance): void {
    this.utterances.splice(this.utterances.indexOf(utterance), 1);
    if (utterance.ending?.kind === 'finish') utterance.ending.resolve(joinParts(utterance.parts));
  }

  private takeQueued(utterance: Utterance): Int16Array {
    const limit = this.samplesIn(MAX_STEP_MS);
    const taken: Int16Array[] = [];
    let length = 0;
    while (length < limit) {
      const samples = utterance.queue.shift();
      if (samples === undefined) break;
      taken.push(samples);
      length += samples.length;
    }
    utterance.queuedSamples -= length;
    this.queuedSamples -= length;
    return concatSamples(taken);
  }

  private dropQueue(utterance: Utterance): void {
    this.queuedSamples -= utterance.queuedSamples;
    utterance.queuedSamples = 0;
    utterance.queue.length = 0;
  }

  private reportPartial(utterance: Utterance, partial: string): void {
    // It may have been ended while the engine thought.
    if (utterance !== this.open || this.closing !== null) return;
    const text = joinTexts([...utterance.parts.map((part) => part.text), partial]);
    if (text === '' || text === utterance.partial) return;
    utterance.partial = text;
    this.options.onPartial({ text, atMs: performance.now() });
  }

  private reportDropped(utterance: Utterance): void {
    if (utterance.droppedSamples === 0) return;
    const droppedMs = Math.round((utterance.droppedSamples / this.options.sampleRateHz) * 1000);
    this.report(
      'ASR_OVERLOADED',
      `speech recognition fell behind: ${droppedMs} ms of speech were dropped because more than ` +
        `${this.deps.maxQueuedMs} ms waited. Run fewer calls on this machine, or use a smaller VOSK_MODEL_PATH`,
    );
  }

  private report(code: string, message: string, cause?: unknown): void {
    this.options.onError(new MinibotError(code, message, { cause }));
  }

  private async freeEngine(): Promise<void> {
    const { engine } = this;
    this.engine = null;
    await engine?.free();
  }

  private samplesIn(ms: number): number {
    return (this.options.sampleRateHz * ms) / 1000;
  }
}

function newUtterance(): Utterance {
  return {
    queue: [],
    queuedSamples: 0,
    droppedSamples: 0,
    reachedEngine: false,
    failed: false,
    parts: [],
    partial: '',
    ending: null,
  };
}
