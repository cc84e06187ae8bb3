import pino from 'pino';
import { describe, expect, it } from 'vitest';
import {
  createCascadeClassifier,
  type CascadeOptions,
  type IntentModel,
} from '../../../../src/call-engine/intent/cascade.ts';
import type { Intent } from '../../../../src/call-engine/intent/intents.ts';
import type { IntentVerdict } from '../../../../src/call-engine/ports.ts';

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

function classify(
  model: IntentModel | null,
  text: string,
  changed: Partial<CascadeOptions> = {},
  signal = new AbortController().signal,
): Promise<IntentVerdict> {
  const classifier = createCascadeClassifier({
    engine: 'cascade',
    model,
    localThreshold: 0.7,
    deadlineMs: 600,
    logger: pino({ level: 'silent' }),
    ...changed,
  });
  return classifier.classify({ text, question: QUESTION, signal });
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
      logger: pino({ level: 'silent' }),
    } as const;
    await createCascadeClassifier(options).close();
    expect(model.closed).toBe(1);
  });
});
