import pino from 'pino';
import { describe, expect, it, vi } from 'vitest';
import {
  createCascadeClassifier,
  type CascadeOptions,
  type IntentModel,
} from '../../../../src/call-engine/intent/cascade.ts';
import type { Intent } from '../../../../src/call-engine/intent/intents.ts';
import type { IntentClassifier, IntentVerdict } from '../../../../src/call-engine/ports.ts';

const SURE = "ça ne m'intéresse pas";
const UNSURE = 'brouillard et confiture';
const QUESTION = 'Avez-vous deux minutes ?';

class FakeModel implements IntentModel {
  asked: { text: string; deadlineMs: number }[] = [];
  closed = 0;
  constructor(private readonly answer: Intent | Error) {}
  classify({ text, deadlineMs }: { text: string; deadlineMs: number }): Promise<Intent> {
    this.asked.push({ text, deadlineMs });
    return this.answer instanceof Error ? Promise.reject(this.answer) : Promise.resolve(this.answer);
  }
  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }
}

function classifierOf(model: IntentModel | null, changed: Partial<CascadeOptions> = {}): IntentClassifier {
  return createCascadeClassifier({
    engine: 'cascade',
    model,
    localThreshold: 0.7,
    deadlineMs: 600,
    earlyDeadlineMs: 3000,
    logger: pino({ level: 'silent' }),
    ...changed,
  });
}

function classify(
  model: IntentModel | null,
  text: string,
  changed: Partial<CascadeOptions> = {},
  signal = new AbortController().signal,
): Promise<IntentVerdict> {
  return classifierOf(model, changed).classify({ text, question: QUESTION, signal });
}

/** Takes every question and never answers. */
class SilentModel implements IntentModel {
  readonly signals: AbortSignal[] = [];
  classify({ signal }: { signal: AbortSignal }): Promise<Intent> {
    this.signals.push(signal);
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('cut')), { once: true });
    });
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('cascade', () => {
  it('does not ask the model when the local answer is sure', async () => {
    const model = new FakeModel('affirm');
    expect(await classify(model, SURE)).toMatchObject({ intent: 'deny', method: 'local' });
    expect(model.asked).toEqual([]);
  });

  it('asks the model, with its deadline, when the local answer is unsure', async () => {
    const model = new FakeModel('objection');
    expect(await classify(model, UNSURE, { localThreshold: 0.99 })).toEqual({
      intent: 'objection',
      confidence: 0.8,
      method: 'ollama',
    });
    expect(model.asked).toEqual([{ text: UNSURE, deadlineMs: 600 }]);
  });

  it('is surer when both say the same', async () => {
    const verdict = await classify(new FakeModel('not_understood'), UNSURE, { localThreshold: 0.99 });
    expect(verdict).toMatchObject({ intent: 'not_understood', method: 'ollama' });
    expect(verdict.confidence).toBeGreaterThanOrEqual(0.95);
  });

  it('falls back to the local answer when the model fails', async () => {
    const model = new FakeModel(new Error('connection refused'));
    expect(await classify(model, UNSURE, { localThreshold: 0.99 })).toMatchObject({
      intent: 'not_understood',
      method: 'local_fallback',
    });
  });

  it('asks no model about what a rule decides, in any engine', async () => {
    for (const engine of ['cascade', 'ollama'] as const) {
      const model = new FakeModel('affirm');
      const verdict = await classify(model, "ne m'appelez plus", { engine });
      expect(verdict).toMatchObject({ intent: 'opt_out', method: 'rule' });
      expect(model.asked).toEqual([]);
    }
  });

  it('believes whoever may have asked not to be called, in any engine', async () => {
    for (const engine of ['cascade', 'ollama'] as const) {
      const model = new FakeModel('affirm');
      const verdict = await classify(model, 'plus jamais', { engine, localThreshold: 1.1 });
      expect(verdict).toMatchObject({ intent: 'opt_out', method: 'local' });
      expect(model.asked).toEqual([]);
    }
  });

  it('lets no model turn a refusal into consent', async () => {
    const verdict = await classify(new FakeModel('affirm'), 'non merci', { engine: 'ollama' });
    expect(verdict).toMatchObject({ intent: 'deny', method: 'local' });
  });

  it('asks the model about everything else with the engine ollama, and never with local', async () => {
    const asked = new FakeModel('question');
    expect(await classify(asked, 'oui', { engine: 'ollama' })).toMatchObject({ intent: 'question' });
    const unasked = new FakeModel('question');
    expect(await classify(unasked, UNSURE, { engine: 'local' })).toMatchObject({ method: 'local' });
    expect(unasked.asked).toEqual([]);
  });

  it('works without a model', async () => {
    expect(await classify(null, UNSURE, { localThreshold: 0.99 })).toMatchObject({ method: 'local' });
  });

  it('rejects with the reason of the abort, also while the model is asked', async () => {
    const call = new AbortController();
    const model: IntentModel = {
      classify: () => {
        call.abort(new Error('hung up'));
        return Promise.reject(new Error('cut'));
      },
      close: () => Promise.resolve(),
    };
    await expect(classify(model, UNSURE, { localThreshold: 0.99 }, call.signal)).rejects.toThrow('hung up');
    await expect(classify(null, 'oui', {}, call.signal)).rejects.toThrow('hung up');
  });

  it('closes the model that it owns', async () => {
    const model = new FakeModel('affirm');
    const options = {
      engine: 'local',
      model,
      localThreshold: 1,
      deadlineMs: 1,
      earlyDeadlineMs: 1,
      logger: pino({ level: 'silent' }),
    } as const;
    await createCascadeClassifier(options).close();
    expect(model.closed).toBe(1);
  });
});

describe('anticipating', () => {
  const always = { localThreshold: 1.1 };
  const request = (text: string, signal = new AbortController().signal) => ({
    text,
    question: QUESTION,
    signal,
  });

  it('begins nothing where the answer is at hand, or nobody can be asked', () => {
    const model = new FakeModel('affirm');
    expect(classifierOf(model).anticipate(request(SURE))).toBeNull();
    expect(classifierOf(model).anticipate(request("ne m'appelez plus"))).toBeNull();
    expect(classifierOf(model, { engine: 'local', ...always }).anticipate(request(UNSURE))).toBeNull();
    expect(classifierOf(null, always).anticipate(request(UNSURE))).toBeNull();
    expect(classifierOf(model, always).anticipate(request(UNSURE, AbortSignal.abort()))).toBeNull();
    expect(model.asked).toEqual([]);
  });

  it('gives the request the upper deadline and answers as if asked in the end', async () => {
    const model = new FakeModel('affirm');
    const begun = classifierOf(model, always).anticipate(request('non merci'));
    expect(model.asked).toEqual([{ text: 'non merci', deadlineMs: 3000 }]);
    expect(await begun?.verdict()).toMatchObject({ intent: 'deny', method: 'local' });
  });

  it('waits no longer than the working deadline from the final words on', async () => {
    const model = new SilentModel();
    const begun = classifierOf(model, { ...always, deadlineMs: 5 }).anticipate(request(UNSURE));
    expect(await begun?.verdict()).toMatchObject({ method: 'local_fallback' });
    expect(model.signals[0]?.reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('falls back where the early request failed before the final words', async () => {
    const begun = classifierOf(new FakeModel(new Error('down')), always).anticipate(request(UNSURE));
    await Promise.resolve();
    expect(await begun?.verdict()).toMatchObject({ method: 'local_fallback' });
  });

  it('cuts the request that is cancelled', () => {
    const model = new SilentModel();
    classifierOf(model, always).anticipate(request(UNSURE))?.cancel();
    expect(model.signals[0]?.reason).toMatchObject({ code: 'INTENT_SUPERSEDED' });
  });

  it('keeps places free for final words', async () => {
    const model = new SilentModel();
    const classifier = classifierOf(model, always);
    const [first] = [classifier.anticipate(request(UNSURE)), classifier.anticipate(request(UNSURE))];
    expect(classifier.anticipate(request(UNSURE))).toBeNull();
    first?.cancel();
    await vi.waitFor(() => {
      expect(classifier.anticipate(request(UNSURE))).not.toBeNull();
    });
  });

  it('rejects with the reason of the call that ended meanwhile', async () => {
    const call = new AbortController();
    const begun = classifierOf(new SilentModel(), always).anticipate(request(UNSURE, call.signal));
    call.abort(new Error('hung up'));
    await expect(begun?.verdict()).rejects.toThrow('hung up');
  });
});
