import { beforeEach, describe, expect, it } from 'vitest';
import { EarlyIntent } from '../../../../src/call-engine/intent/early-intent.ts';
import type { AnticipatedIntent, IntentRequest, IntentVerdict } from '../../../../src/call-engine/ports.ts';

const FRAME_MS = 20;
const STABLE_MS = 200;
const QUESTION = 'Avez-vous deux minutes ?';

class ScriptedClassifier {
  readonly begun: string[] = [];
  readonly cancelled: string[] = [];
  readonly classified: string[] = [];
  isSure = false;

  classify({ text }: IntentRequest): Promise<IntentVerdict> {
    this.classified.push(text);
    return Promise.resolve({ intent: 'deny', confidence: 1, method: 'local' });
  }

  anticipate({ text }: IntentRequest): AnticipatedIntent | null {
    if (this.isSure) return null;
    this.begun.push(text);
    return {
      verdict: () => Promise.resolve({ intent: 'objection', confidence: 0.8, method: 'ollama' }),
      cancel: () => {
        this.cancelled.push(text);
      },
    };
  }
}

let classifier: ScriptedClassifier;
let early: EarlyIntent;

function request(text: string, question = QUESTION): IntentRequest {
  return { text, question, signal: new AbortController().signal };
}

function hear(text: string, ms: number): void {
  for (let passed = 0; passed < ms; passed += FRAME_MS) early.hear(request(text), FRAME_MS);
}

beforeEach(() => {
  classifier = new ScriptedClassifier();
  early = new EarlyIntent(classifier, { stableMs: STABLE_MS, maxPerTurn: 2 });
});

describe('EarlyIntent', () => {
  it('begins once the words have stood still, once', () => {
    hear('peut-être', STABLE_MS);
    expect(classifier.begun).toEqual([]);
    hear('peut-être', 1000);
    expect(classifier.begun).toEqual(['peut-être']);
  });

  it('begins nothing while nothing is recognised', () => {
    hear('', 2000);
    expect(classifier.begun).toEqual([]);
  });

  it('answers for the final words with what was begun on them', async () => {
    hear('peut-être', 400);
    expect(await early.classify(request('Peut-être.'))).toMatchObject({ method: 'ollama' });
    expect(classifier.classified).toEqual([]);
    expect(classifier.cancelled).toEqual([]);
  });

  it('drops what was begun when the words change', () => {
    hear('peut-être', 400);
    hear('peut-être mais', 20);
    expect(classifier.cancelled).toEqual(['peut-être']);
  });

  it.each([
    ['other words', request('peut-être pas')],
    ['the answer to another question', request('peut-être', 'Quel jour ?')],
  ])('starts over for %s', async (_what, final) => {
    hear('peut-être', 400);
    expect(await early.classify(final)).toMatchObject({ intent: 'deny' });
    expect(classifier.cancelled).toEqual(['peut-être']);
    expect(classifier.classified).toEqual([final.text]);
  });

  it('begins at most so often in one turn, and again in the next', async () => {
    for (const text of ['un', 'un deux', 'un deux trois']) hear(text, 400);
    expect(classifier.begun).toEqual(['un', 'un deux']);
    await early.classify(request('un deux trois'));
    hear('encore', 400);
    expect(classifier.begun.at(-1)).toBe('encore');
  });

  it('does not count what needed no beginning', () => {
    classifier.isSure = true;
    for (const text of ['oui', 'oui mais', 'oui mais bon']) hear(text, 400);
    classifier.isSure = false;
    hear('oui mais bon voilà', 400);
    expect(classifier.begun).toEqual(['oui mais bon voilà']);
  });

  it('drops what was begun when the turn came to nothing', () => {
    hear('peut-être', 400);
    early.forget();
    early.forget();
    expect(classifier.cancelled).toEqual(['peut-être']);
  });
});
