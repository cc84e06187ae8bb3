import { createOllamaIntentModel } from '../../call-engine/adapters/ollama/ollama-intent-model.ts';
import { MinibotError } from '../../errors.ts';
import type { Check, CheckContext } from '../check.ts';
import { finding, type Finding } from '../findings.ts';

/** As long as workers keep it loaded. */
const KEEP_ALIVE = '30m';

/** The language model beside the local classifier. Calls go on without it: nothing here keeps them from being made. */
export const checkOllama: Check = async (context) => {
  const { intent, ollama } = context.config;
  if (intent.engine === 'local') return [finding('ollama_unused', {})];
  const model = createOllamaIntentModel({
    ...ollama,
    keepAlive: KEEP_ALIVE,
    maxConcurrent: 1,
    logger: context.logger,
    nowMs: context.nowMs,
  });
  try {
    return [await ask(model, context)];
  } catch (error) {
    if (context.signal.aborted || !(error instanceof MinibotError)) throw error;
    return [unusable(error, ollama)];
  } finally {
    await model.close();
  }
};

async function ask(
  model: ReturnType<typeof createOllamaIntentModel>,
  { config, signal, deadlineMs, nowMs }: CheckContext,
): Promise<Finding> {
  const { version } = await model.probe({ signal });
  const startedMs = nowMs();
  await model.warmUp({ signal, deadlineMs });
  const warmMs = nowMs();
  await model.classify({
    text: "je n'ai pas le temps",
    question: 'Avez-vous deux minutes ?',
    signal,
    deadlineMs,
  });
  const loadMs = Math.round(warmMs - startedMs);
  const answerMs = Math.round(nowMs() - warmMs);
  const targetMs = config.latencyTargets.intentMs;
  const values = { model: config.ollama.model, answerMs };
  return answerMs > targetMs
    ? finding('ollama_late', { ...values, targetMs })
    : finding('ollama_ready', { ...values, version, loadMs });
}

function unusable(
  { code, message, cause }: MinibotError,
  ollama: { baseUrl: string; model: string },
): Finding {
  if (code === 'OLLAMA_UNREACHABLE') return finding('ollama_away', { where: ollama.baseUrl });
  if (code === 'OLLAMA_MODEL_MISSING') return finding('ollama_no_model', { model: ollama.model });
  return finding('ollama_failed', { detail: cause instanceof Error ? cause.message : message });
}
