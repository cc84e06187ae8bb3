import type { LineEvent, PlannedConversation } from './conversations.ts';
import { audibleSpanMs, FRAME_MS, FRAME_SAMPLES, samplesOf, throughMuLaw, type Sound } from './sounds.ts';

/** When a sound of the plan came down the line, as a person hears it. */
export interface Uttered {
  event: LineEvent;
  startMs: number;
  endMs: number;
}

/** How far the bot's question is: the callee goes by it. */
export interface PromptClock {
  /** Heard so far; null when it does not play. */
  positionMs: number | null;
  /** Null while it has not ended. */
  endedAtMs: number | null;
}

/** The far end of the line: what the plan has said, coughed and echoed, 20 ms at a time, through G.711. */
export class Callee {
  readonly uttered: Uttered[] = [];
  private readonly waiting: LineEvent[];
  private speaking: { sound: Sound; position: number } | null = null;
  private previousEndedAtMs: number | null = null;
  private elapsed = 0;
  private readonly echoed: Sound;
  private echoAt = 0;

  constructor(private readonly plan: PlannedConversation) {
    this.waiting = [...plan.events];
    const { echo } = plan.line;
    this.echoed = new Float32Array(samplesOf(echo?.delayMs ?? 0) + FRAME_SAMPLES);
  }

  /** Everything planned has been heard. */
  get isDone(): boolean {
    return this.waiting.length === 0 && this.speaking === null;
  }

  /** The frame that ends at `nowMs`; `fromBot` is what the bot said in it. */
  next(nowMs: number, prompt: PromptClock, fromBot: Sound): Int16Array {
    this.beginIfDue(nowMs - FRAME_MS, prompt);
    const mixed = this.background();
    this.addEcho(mixed, fromBot);
    this.addSpeech(mixed, nowMs);
    return Int16Array.from(mixed, (sample) => throughMuLaw(sample * 32_768));
  }

  private beginIfDue(nowMs: number, prompt: PromptClock): void {
    const [next] = this.waiting;
    if (this.speaking !== null || next === undefined || !this.isDue(next, nowMs, prompt)) return;
    this.waiting.shift();
    this.speaking = { sound: next.sound, position: 0 };
    const { startMs, endMs } = audibleSpanMs(next.sound);
    this.uttered.push({ event: next, startMs: nowMs + startMs, endMs: nowMs + endMs });
  }

  private isDue({ after, ms }: LineEvent, nowMs: number, { positionMs, endedAtMs }: PromptClock): boolean {
    switch (after) {
      case 'prompt':
        return endedAtMs !== null || (positionMs !== null && positionMs >= ms);
      case 'prompt-end':
        return endedAtMs !== null && nowMs >= endedAtMs + ms;
      case 'previous':
        return this.previousEndedAtMs !== null && nowMs >= this.previousEndedAtMs + ms;
    }
  }

  private background(): Sound {
    const { background } = this.plan.line;
    const frame = new Float32Array(FRAME_SAMPLES);
    if (background === null) return frame;
    for (let i = 0; i < frame.length; i++) frame[i] = background[(this.elapsed + i) % background.length] ?? 0;
    this.elapsed += frame.length;
    return frame;
  }

  private addEcho(mixed: Sound, fromBot: Sound): void {
    const { echo } = this.plan.line;
    if (echo === null) return;
    const gain = 10 ** (echo.gainDb / 20);
    for (let i = 0; i < FRAME_SAMPLES; i++) {
      const at = (this.echoAt + i) % this.echoed.length;
      mixed[i] = (mixed[i] ?? 0) + gain * (this.echoed[at] ?? 0);
      this.echoed[at] = fromBot[i] ?? 0;
    }
    this.echoAt = (this.echoAt + FRAME_SAMPLES) % this.echoed.length;
  }

  private addSpeech(mixed: Sound, nowMs: number): void {
    if (this.speaking === null) return;
    const { sound, position } = this.speaking;
    for (let i = 0; i < FRAME_SAMPLES; i++) mixed[i] = (mixed[i] ?? 0) + (sound[position + i] ?? 0);
    this.speaking.position += FRAME_SAMPLES;
    if (this.speaking.position < sound.length) return;
    this.speaking = null;
    this.previousEndedAtMs = nowMs;
  }
}
