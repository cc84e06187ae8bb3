import type { Logger } from 'pino';
import type { IntentClassifier, IntentRequest, IntentVerdict } from '../ports.ts';
import type { Intent } from './intents.ts';
import { classifyLocally } from './local-classifier.ts';

/** A language model that classifies. An adapter implements it. */
export interface IntentModel {
  /** Rejects when no valid answer came within `deadlineMs`, whatever the reason, and when aborted. */
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
  /** The one deadline of asking the model. */
  deadlineMs: number;
  logger: Logger;
}

/** A constrained model says no probability; what it says is worth this much … */
const MODEL_CONFIDENCE = 0.8;
/** … and this much where the local classifier says the same. */
const AGREED_CONFIDENCE = 0.95;

/**
 * The local classifier first, the model where it helps, the local answer again where the model fails. Never rejects but
 * when aborted. A model cannot turn what was locally a refusal into consent.
 */
export function createCascadeClassifier(options: CascadeOptions): IntentClassifier {
  const { engine, localThreshold, deadlineMs, logger } = options;
  const model = engine === 'local' ? null : options.model;

  return {
    async classify(request) {
      request.signal.throwIfAborted();
      const local = classifyLocally(request.text, request.question);
      const isSure = engine === 'cascade' && local.confidence >= localThreshold;
      if (model === null || local.method === 'rule' || isSure) return local;
      try {
        return reconciled(local, await model.classify({ ...request, deadlineMs }));
      } catch (error) {
        request.signal.throwIfAborted();
        logger.warn({ err: error, intent: local.intent }, 'intent model failed; the local answer stands');
        return { ...local, method: 'local_fallback' };
      }
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
