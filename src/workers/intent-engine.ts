import type { Logger } from 'pino';
import { createOllamaIntentModel } from '../call-engine/adapters/ollama/ollama-intent-model.ts';
import { createCascadeClassifier } from '../call-engine/intent/cascade.ts';
import type { IntentClassifier } from '../call-engine/ports.ts';
import type { Config } from '../config.ts';
import { OperatorError } from '../errors.ts';

/** Below this the local classifier is unsure and the model is asked. */
const LOCAL_THRESHOLD = 0.7;
const KEEP_ALIVE = '30m';
const MAX_REQUESTS = 4;
const WARM_UP_MS = 120_000;

export interface IntentEngine extends IntentClassifier {
  /** Settles when the model is warm, or when it is known that it will not help for now. Never rejects. */
  readonly warm: Promise<void>;
}

/**
 * The classifier that `INTENT_ENGINE` asks for. Ollama is warmed up behind the scenes: while it is away or loading, the
 * local classifier answers alone.
 */
export function openIntentEngine(config: Config, logger: Logger): IntentEngine {
  const { intent, ollama, latencyTargets } = config;
  const abort = new AbortController();
  const model =
    intent.engine === 'local'
      ? null
      : createOllamaIntentModel({
          ...ollama,
          keepAlive: KEEP_ALIVE,
          maxConcurrent: MAX_REQUESTS,
          logger,
          nowMs: () => performance.now(),
        });
  const classifier = createCascadeClassifier({
    engine: intent.engine,
    model,
    localThreshold: LOCAL_THRESHOLD,
    deadlineMs: Math.min(ollama.timeoutMs, latencyTargets.intentMs),
    earlyDeadlineMs: ollama.timeoutMs,
    logger,
  });

  const warmUp = async (): Promise<void> => {
    if (model === null) return;
    try {
      await model.probe({ signal: abort.signal });
      await model.warmUp({ signal: abort.signal, deadlineMs: WARM_UP_MS });
      logger.info({ model: ollama.model }, 'the intent model is warm');
    } catch (error) {
      if (abort.signal.aborted) return;
      const why = error instanceof OperatorError ? error.message : 'it did not warm up';
      logger.warn({ err: error }, `intents are classified on this machine alone: ${why}`);
    }
  };
  const warm = warmUp();

  return {
    warm,
    classify: (request) => classifier.classify(request),
    anticipate: (request) => classifier.anticipate(request),
    close: async () => {
      abort.abort();
      await warm;
      await classifier.close();
    },
  };
}
