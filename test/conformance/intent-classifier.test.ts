import pino from 'pino';
import { createOllamaIntentModel } from '../../src/call-engine/adapters/ollama/ollama-intent-model.ts';
import { createCascadeClassifier, type CascadeOptions } from '../../src/call-engine/intent/cascade.ts';
import { answering, FakeOllama, type ChatBehaviour } from '../helpers/fake-ollama.ts';
import { describeIntentClassifier, type ClassifierUnderTest } from './intent-classifier-suite.ts';

const logger = pino({ level: 'silent' });
const DEADLINE_MS = 50;

function withOllama(engine: CascadeOptions['engine'], behaviour: ChatBehaviour) {
  return async (): Promise<ClassifierUnderTest> => {
    const server = await FakeOllama.start();
    server.behaviour = behaviour;
    const model = createOllamaIntentModel({
      baseUrl: server.url,
      model: 'mistral',
      temperature: 0,
      maxTokens: 32,
      keepAlive: -1,
      maxConcurrent: 4,
      logger,
      nowMs: () => performance.now(),
    });
    const classifier = createCascadeClassifier({
      engine,
      model,
      localThreshold: 0.99,
      deadlineMs: DEADLINE_MS,
      earlyDeadlineMs: 2 * DEADLINE_MS,
      logger,
    });
    return { classifier, close: () => server.close() };
  };
}

describeIntentClassifier('local', () =>
  Promise.resolve({
    classifier: createCascadeClassifier({
      engine: 'local',
      model: null,
      localThreshold: 0.7,
      deadlineMs: DEADLINE_MS,
      earlyDeadlineMs: 2 * DEADLINE_MS,
      logger,
    }),
    close: () => Promise.resolve(),
  }),
);
describeIntentClassifier('cascade, Ollama says affirm to all', withOllama('cascade', answering('affirm')));
describeIntentClassifier('ollama, says affirm to all', withOllama('ollama', answering('affirm')));
describeIntentClassifier('ollama, never answers', withOllama('ollama', { type: 'hang' }));
describeIntentClassifier('ollama, answers garbage', withOllama('ollama', { type: 'raw', body: '<html>' }));
describeIntentClassifier(
  'cascade, server busy',
  withOllama('cascade', { type: 'status', status: 503, error: 'server busy, please try again.' }),
);
