import { describe, expect, it } from 'vitest';
import { DecodeSlots } from '../../../../../src/call-engine/adapters/vosk/decode-slots.ts';
import { VoskStream } from '../../../../../src/call-engine/adapters/vosk/recognizer-stream.ts';
import type { SpeechEngine } from '../../../../../src/call-engine/adapters/vosk/speech-engine.ts';

/** 100 ms at 8 kHz: one step. */
const STEP = 800;

/** "Recognises" the numbers that the samples hold; checks that it is called as libvosk wants to be. */
class ScriptedEngine implements SpeechEngine {
  originMs = 0;
  readonly accepted: number[] = [];
  freed = false;
  inFlight: string | null = null;
  private held: string | null = null;
  private heard: number[] = [];
  private gate: Promise<void> = Promise.resolve();

  constructor(private readonly failOn: (value: number) => boolean = () => false) {}

  /** Holds calls of `operation` until the returned function is called. */
  hold(operation: 'accept' | 'partial'): () => void {
    let release = (): void => undefined;
    this.held = operation;
    this.gate = new Promise((resolve) => (release = resolve));
    return release;
  }

  markOrigin(): void {
    this.heard = [];
  }

  accept(samples: Int16Array): Promise<boolean> {
    return this.oneAtATime('accept', () => {
      this.accepted.push(samples.length);
      const value = samples[0] ?? 0;
      if (this.failOn(value)) throw new Error(`engine failed on ${value}`);
      if (!this.heard.includes(value)) this.heard.push(value);
      return false;
    });
  }

  result(): Promise<string> {
    return this.finalResult();
  }

  partial(): Promise<string> {
    return this.oneAtATime('partial', () => JSON.stringify({ partial: this.heard.join(' ') }));
  }

  finalResult(): Promise<string> {
    return this.oneAtATime('result', () => JSON.stringify({ text: this.heard.splice(0).join(' ') }));
  }

  free(): Promise<void> {
    return this.oneAtATime('free', () => {
      this.freed = true;
    });
  }

  private async oneAtATime<T>(operation: string, work: () => T): Promise<T> {
    if (this.freed) throw new Error('called after free');
    if (this.inFlight !== null) throw new Error('called while busy');
    this.inFlight = operation;
    try {
      if (operation === this.held) await this.gate;
      return work();
    } finally {
      this.inFlight = null;
    }
  }
}

function openStream(options: { engines?: ScriptedEngine[]; maxQueuedMs?: number; slots?: DecodeSlots } = {}) {
  const engines = options.engines ?? [new ScriptedEngine()];
  const partials: string[] = [];
  const errors: Error[] = [];
  let created = 0;
  const stream = new VoskStream(
    {
      createEngine: () => {
        const engine = engines[created];
        created += 1;
        return engine === undefined ? Promise.reject(new Error('no recogniser')) : Promise.resolve(engine);
      },
      slots: options.slots ?? new DecodeSlots(2),
      maxQueuedMs: options.maxQueuedMs ?? 10_000,
    },
    {
      sampleRateHz: 8000,
      onPartial: ({ text }) => partials.push(text),
      onError: (error) => errors.push(error),
    },
  );
  return { stream, engines, partials, errors, created: () => created };
}

const sound = (value: number, samples = STEP): Int16Array => new Int16Array(samples).fill(value);

describe('VoskStream', () => {
  it('makes no native recogniser before there is something to decode', async () => {
    const { stream, created } = openStream();
    stream.write(sound(1, 160));
    stream.discard();
    await stream.finish();
    await stream.close();
    expect(created()).toBe(0);
  });

  it('gathers frames into steps, and decodes the rest at the end', async () => {
    const { stream, engines } = openStream();
    for (let i = 0; i < 7; i++) stream.write(sound(1, 160));
    expect((await stream.finish()).text).toBe('1');
    expect(engines[0]?.accepted.reduce((sum, each) => sum + each, 0)).toBe(7 * 160);
    expect(engines[0]?.accepted.length).toBeLessThanOrEqual(2);
  });

  it('takes what has piled up in one step, yet no more than a second of it', async () => {
    const engine = new ScriptedEngine();
    const { stream } = openStream({ engines: [engine] });
    const release = engine.hold('accept');
    for (let i = 0; i < 30; i++) stream.write(sound(1));
    const finished = stream.finish();
    release();
    await finished;
    expect(engine.accepted[0]).toBe(STEP);
    expect(Math.max(...engine.accepted)).toBe(8000);
  });

  it('answers utterances in order, also when the next has begun before the answer', async () => {
    const { stream } = openStream();
    stream.write(sound(1));
    const first = stream.finish();
    stream.write(sound(2));
    const second = stream.finish();
    expect([(await first).text, (await second).text]).toEqual(['1', '2']);
  });

  it.each(['accept', 'partial'] as const)(
    'reports no partial of an utterance that was ended during %s',
    async (operation) => {
      const engine = new ScriptedEngine();
      const { stream, partials } = openStream({ engines: [engine] });
      const release = engine.hold(operation);
      stream.write(sound(1));
      await expect.poll(() => engine.inFlight).toBe(operation);
      stream.discard();
      stream.write(sound(2));
      release();
      await expect.poll(() => partials).toEqual(['2']);
      await stream.close();
    },
  );

  it('drops what exceeds the queue, and says how much, once', async () => {
    const engine = new ScriptedEngine();
    const { stream, errors } = openStream({ engines: [engine], maxQueuedMs: 500 });
    const release = engine.hold('accept');
    for (let i = 0; i < 10; i++) stream.write(sound(1));
    const finished = stream.finish();
    release();
    expect((await finished).text).toBe('1');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'ASR_OVERLOADED' });
    // Five waited; the step that was in flight had left the queue when the first was dropped, or not.
    expect(errors[0]?.message).toMatch(/[45]00 ms/);
    await stream.close();
  });

  it('reports a failed decoding once, answers with what it had, and hears the next utterance on a new recogniser', async () => {
    const broken = new ScriptedEngine((value) => value === 13);
    const { stream, engines, errors } = openStream({ engines: [broken, new ScriptedEngine()] });
    for (const value of [1, 13, 13, 13]) stream.write(sound(value));
    await expect.poll(() => errors.length).toBe(1);
    stream.write(sound(5));
    const answer = await stream.finish();
    expect(answer.text).toBe('');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'ASR_FAILED', cause: expect.any(Error) as Error });
    expect(broken.freed).toBe(true);
    stream.write(sound(2));
    expect((await stream.finish()).text).toBe('2');
    await stream.close();
    expect(engines[1]?.freed).toBe(true);
  });

  it('answers with an empty transcript when no recogniser can be made', async () => {
    const { stream, errors } = openStream({ engines: [] });
    stream.write(sound(1));
    expect((await stream.finish()).text).toBe('');
    expect(errors[0]).toMatchObject({ code: 'ASR_FAILED' });
    await stream.close();
  });

  it('frees the recogniser only after the call in flight', async () => {
    const engine = new ScriptedEngine();
    const { stream, errors } = openStream({ engines: [engine] });
    const release = engine.hold('accept');
    stream.write(sound(1));
    await expect.poll(() => engine.inFlight).toBe('accept');
    const closed = stream.close();
    expect(engine.freed).toBe(false);
    release();
    await closed;
    expect(engine.freed).toBe(true);
    expect(errors).toEqual([]);
  });
});

describe('DecodeSlots', () => {
  const never = (): boolean => false;

  it('never runs more at once than it has slots, and runs all, in order', async () => {
    const slots = new DecodeSlots(2);
    const order: number[] = [];
    let running = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 9 }, (_, i) =>
        slots.run(async () => {
          running += 1;
          most = Math.max(most, running);
          order.push(i);
          await new Promise(setImmediate);
          running -= 1;
        }, never),
      ),
    );
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('lets those first who have become urgent while they waited', async () => {
    const slots = new DecodeSlots(1);
    const order: string[] = [];
    let isUrgent = false;
    const note = (name: string) => (): Promise<void> => Promise.resolve(void order.push(name));
    const all = [
      slots.run(note('first'), never),
      slots.run(note('second'), never),
      slots.run(note('ended meanwhile'), () => isUrgent),
    ];
    isUrgent = true;
    await Promise.all(all);
    expect(order).toEqual(['first', 'ended meanwhile', 'second']);
  });

  it('gives the slot back when the work fails', async () => {
    const slots = new DecodeSlots(1);
    await expect(slots.run(() => Promise.reject(new Error('failed')), never)).rejects.toThrow('failed');
    expect(await slots.run(() => Promise.resolve('ran'), never)).toBe('ran');
  });
});
