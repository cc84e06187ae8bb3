import type { Logger } from 'pino';
import { withDeadline } from '../../deadline.ts';
import { MinibotError } from '../../errors.ts';
import type { IntentClassifier, IntentRequest, IntentVerdict } from '../ports.ts';
import type { Intent } from './intents.ts';
import { classifyLocally } from './local-classifier.ts';

/** A language model that classifies. An adapter implements it. */
export interface IntentModel {
  /**
   * Rejects when no valid answer came within `deadlineMs`, whatever the reason, and when aborted; an abort for a
   * `TimeoutError` counts as the model's failure.
   */
  classify(request: IntentRequest & { deadlineMs: number }): Promise<Intent>;
  close(): Promise<void>;
}

export interface CascadeOptions {
  /** `cascade` asks the model when the local classifier is unsure, `ollama` whenever no rule decides (`INTENT_ENGINE`). */
  engine: 'cascade' | 'local' | 'ollama';
  /** The classifier owns it and closes it. Null works like `local`. */
  model: IntentModel | null;
  /** From this local confidence on, the cascade does not ask the model. */
  localThreshold: number;
  /** The one deadline of asking the model, from the final words on. */
  deadlineMs: number;
  /** How long a request may take that was begun on words before the final ones. */
  earlyDeadlineMs: number;
  logger: Logger;
}

/** A constrained model says no probability; what it says is worth this much … */
const MODEL_CONFIDENCE = 0.8;
/** … and this much where the local classifier says the same. */
const AGREED_CONFIDENCE = 0.95;

/** Requests begun early, over all calls: the final words of others must still find a place. */
const MOST_ANTICIPATED = 2;

/**
 * The local classifier first, the model where it helps, the local answer again where the model fails. Never rejects but
 * when aborted. A model cannot turn what was locally a refusal into consent.
 */
export function createCascadeClassifier(options: CascadeOptions): IntentClassifier {
  const { engine, localThreshold, deadlineMs, earlyDeadlineMs, logger } = options;
  const model = engine === 'local' ? null : options.model;

  /** Whoever may have asked not to be called is believed: nobody is asked whether it was meant. */
  const isDecided = ({ intent, method, confidence }: IntentVerdict): boolean =>
    method === 'rule' || intent === 'opt_out' || (engine === 'cascade' && confidence >= localThreshold);

  const settled = async (
    { signal }: IntentRequest,
    local: IntentVerdict,
    answer: Promise<Intent>,
  ): Promise<IntentVerdict> => {
    try {
      return reconciled(local, await answer);
    } catch (error) {
      signal.throwIfAborted();
      logger.warn({ err: error, intent: local.intent }, 'intent model failed; the local answer stands');
      return { ...local, method: 'local_fallback' };
    }
  };

  let anticipating = 0;

  return {
    async classify(request) {
      request.signal.throwIfAborted();
      const local = classifyLocally(request.text, request.question);
      if (model === null || isDecided(local)) return local;
      return settled(request, local, model.classify({ ...request, deadlineMs }));
    },
    anticipate(request) {
      if (model === null || request.signal.aborted || anticipating >= MOST_ANTICIPATED) return null;
      const local = classifyLocally(request.text, request.question);
      if (isDecided(local)) return null;
      const cancelling = new AbortController();
      const signal = AbortSignal.any([request.signal, cancelling.signal]);
      anticipating += 1;
      const answer = model.classify({ ...request, signal, deadlineMs: earlyDeadlineMs }).finally(() => {
        anticipating -= 1;
      });
      // Told by `verdict` to whoever waits; where the words changed, nobody does.
      answer.catch(() => undefined);
      return {
        verdict: () => {
          const inTime = withDeadline(answer, deadlineMs, 'the intent model');
          const late = (error: unknown): never => {
            cancelling.abort(new DOMException('the intent was needed', 'TimeoutError'));
            throw error;
          };
          return settled(request, local, inTime.catch(late));
        },
        cancel: () => cancelling.abort(new MinibotError('INTENT_SUPERSEDED', 'the words changed')),
      };
    },
    async close() {
      await options.model?.close();
    },
  };
}

const REFUSALS: ReadonlySet<Intent> = new Set(['deny', 'opt_out', 'wrong_number', 'callback']);

function reconciled(local: IntentVerdict, answer: Intent): IntentVerdict {
  if (answer === local.intent) {
    return { intent: answer, confidence: Math.max(local.confidence, AGREED_CONFIDENCE), method: 'ollama' };
  }
  // Being wrong this way round would be the costliest error, and small models are wrong about it.
  if (answer === 'affirm' && REFUSALS.has(local.intent)) return local;
  return { intent: answer, confidence: MODEL_CONFIDENCE, method: 'ollama' };
}
