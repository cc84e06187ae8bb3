import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { INTENTS } from '../../src/call-engine/intent/intents.ts';
import type { IntentClassifier, IntentVerdict } from '../../src/call-engine/ports.ts';

export interface ClassifierUnderTest {
  classifier: IntentClassifier;
  /** Releases what the classifier does not own. */
  close: () => Promise<void>;
}

const METHODS = ['rule', 'local', 'ollama', 'local_fallback'];
const QUESTION = 'Avez-vous deux minutes ?';

/** What every `IntentClassifier` must do, however it decides and whether or not its service works. */
export function describeIntentClassifier(name: string, open: () => Promise<ClassifierUnderTest>): void {
  describe(`IntentClassifier: ${name}`, () => {
    let under: ClassifierUnderTest;

    beforeEach(async () => {
      under = await open();
    });

    afterEach(async () => {
      await under.classifier.close();
      await under.close();
    });

    const classify = (text: string, signal = new AbortController().signal): Promise<IntentVerdict> =>
      under.classifier.classify({ text, question: QUESTION, signal });

    it('answers with one of the intents, a confidence from 0 to 1 and a method', async () => {
      for (const text of ['oui', 'le chat dort', 'peut-être bien que oui', "c'est trop cher"]) {
        const verdict = await classify(text);
        expect(INTENTS).toContain(verdict.intent);
        expect(verdict.confidence).toBeGreaterThanOrEqual(0);
        expect(verdict.confidence).toBeLessThanOrEqual(1);
        expect(METHODS).toContain(verdict.method);
      }
    });

    it('takes no words for silence', async () => {
      expect(await classify('')).toMatchObject({ intent: 'silence' });
    });

    it('is certain about the wish not to be called', async () => {
      for (const text of ["ne m'appelez plus", "oui d'accord mais retirez-moi de votre liste"]) {
        expect(await classify(text)).toMatchObject({ intent: 'opt_out', method: 'rule' });
      }
    });

    it('takes no plain refusal for consent', async () => {
      for (const text of ['non merci', "ça ne m'intéresse pas", "d'accord mais ça ne m'intéresse pas"]) {
        expect((await classify(text)).intent).not.toBe('affirm');
      }
    });

    it('survives hostile text', async () => {
      const texts = ['\u0000\uFFFF', '"}]}\n\n', 'a'.repeat(100_000), '😀 '.repeat(500), '(((((', '\\d+$'];
      for (const text of texts) expect(INTENTS).toContain((await classify(text)).intent);
    });

    it('answers many at once', async () => {
      const verdicts = await Promise.all(Array.from({ length: 20 }, () => classify('mouais peut-être')));
      for (const { intent } of verdicts) expect(INTENTS).toContain(intent);
    });

    it('rejects with the reason when aborted before', async () => {
      await expect(classify('oui', AbortSignal.abort(new Error('hung up')))).rejects.toThrow('hung up');
    });

    it('answers for what it was asked early as for what it was asked in the end', async () => {
      const signal = new AbortController().signal;
      for (const text of ['brouillard et confiture', 'oui', "ne m'appelez plus"]) {
        const begun = under.classifier.anticipate({ text, question: QUESTION, signal });
        if (begun === null) continue;
        const verdict = await begun.verdict();
        expect(INTENTS).toContain(verdict.intent);
        expect(METHODS).toContain(verdict.method);
      }
    });

    it('takes back what it was asked early', async () => {
      const signal = new AbortController().signal;
      const request = { text: 'brouillard et confiture', question: QUESTION, signal };
      for (let time = 0; time < 5; time += 1) under.classifier.anticipate(request)?.cancel();
      expect(INTENTS).toContain((await classify(request.text)).intent);
    });

    it('begins nothing when aborted before', () => {
      const signal = AbortSignal.abort(new Error('hung up'));
      expect(under.classifier.anticipate({ text: 'mouais', question: QUESTION, signal })).toBeNull();
    });

    it('may be closed twice', async () => {
      await under.classifier.close();
      await under.classifier.close();
    });
  });
}
