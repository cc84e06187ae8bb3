import type { Logger } from 'pino';
import { classifyLocally } from '../call-engine/intent/local-classifier.ts';
import type { IntentClassifier } from '../call-engine/ports.ts';
import type { Config } from '../config.ts';

export function openIntentClassifier(_config: Config, _logger: Logger): Promise<IntentClassifier> {
  return Promise.resolve({
    classify: ({ text, question }) => Promise.resolve(classifyLocally(text, question)),
    close: () => Promise.resolve(),
  });
}
