import { Ollama, type Options } from 'ollama';
import type { Logger } from 'pino';
import { MinibotError, OperatorError } from '../../../errors.ts';
import type { IntentModel } from '../../intent/cascade.ts';
import type { Intent } from '../../intent/intents.ts';
import type { IntentRequest } from '../../ports.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { withDeadline } from './deadline.ts';
import { ANSWER_SCHEMA, messagesFor, parseAnswer } from './prompt.ts';

export interface OllamaOptions {
  /** `OLLAMA_BASE_URL`, e.g. `http://127.0.0.1:11434`. */
  baseUrl: string;
  /** `OLLAMA_MODEL`; without a tag `:latest` is meant, as Ollama does. */
  model: string;
  /** `OLLAMA_TEMPERATURE`. */
  temperature: number;
  /** `OLLAMA_MAX_TOKENS`; the answer needs about 12. */
  maxTokens: number;
  /** How long the server keeps the model loaded after a request: `30m`, or seconds; -1 is forever. */
  keepAlive: string | number;
  /** Requests in flight at once; one more is refused at once, for a queue would only eat its deadline. */
  maxConcurrent: number;
  logger: Logger;
  nowMs: () => number;
}

/** Ollama as an intent model, and what starting a worker or `doctor` asks of it. */
export interface OllamaIntentModel extends IntentModel {
  /** Resolves when the server answers and has the model; else rejects with an `OperatorError` that says what to do. */
  probe(options: { signal: AbortSignal }): Promise<{ version: string; model: string }>;
  /** Has the model loaded and its prompt cached. May take as long as reading the model from disk. */
  warmUp(options: { signal: AbortSignal; deadlineMs: number }): Promise<void>;
}

const CONTEXT_TOKENS = 1024;
const MOST_ANSWER_TOKENS = 48;
const PROBE_DEADLINE_MS = 3000;
const BREAKER = { failureThreshold: 3, openMs: 30_000 } as const;

/** Opens no connection by itself. */
export function createOllamaIntentModel(options: OllamaOptions): OllamaIntentModel {
  const { baseUrl, model, logger } = options;
  // One frozen object for warm-up and traffic: other values in between would make the server load the model anew.
  const modelOptions: Partial<Options> = Object.freeze({
    temperature: options.temperature,
    num_predict: Math.min(options.maxTokens, MOST_ANSWER_TOKENS),
    num_ctx: CONTEXT_TOKENS,
  });
  const breaker = new CircuitBreaker({ ...BREAKER, nowMs: options.nowMs });
  const closing = new AbortController();
  const inFlight = new Set<Promise<unknown>>();

  /** The client's own `abort()` does not stop a request that does not stream: the signal goes into its fetch. */
  const clientFor = (signal: AbortSignal): Ollama =>
    new Ollama({ host: baseUrl, fetch: (input, init) => fetch(input, { ...init, signal }) });

  const run = async <T>(
    wait: { signal: AbortSignal; deadlineMs: number; what: string },
    work: (client: Ollama) => Promise<T>,
  ): Promise<T> => {
    const running = withDeadline(
      { ms: wait.deadlineMs, signals: [closing.signal, wait.signal], what: wait.what },
      (signal) => work(clientFor(signal)),
    );
    inFlight.add(running);
    try {
      return await running;
    } finally {
      inFlight.delete(running);
    }
  };

  const ask = (client: Ollama, utterance: { text: string; question: string | null }): Promise<Intent> =>
    client
      .chat({
        model,
        messages: messagesFor(utterance),
        stream: false,
        think: false,
        format: ANSWER_SCHEMA,
        keep_alive: options.keepAlive,
        options: modelOptions,
      })
      .then(({ message }) => intentOf(message.content, model));

  const classify = async (request: IntentRequest & { deadlineMs: number }): Promise<Intent> => {
    const { signal, deadlineMs } = request;
    signal.throwIfAborted();
    if (inFlight.size >= options.maxConcurrent) {
      throw new MinibotError('OLLAMA_BUSY', `${inFlight.size} requests to ${baseUrl} are in flight already`);
    }
    if (!breaker.allows()) {
      throw new MinibotError(
        'OLLAMA_CIRCUIT_OPEN',
        `${baseUrl} is not asked for ${BREAKER.openMs} ms after ${BREAKER.failureThreshold} failures in a row`,
      );
    }
    try {
      const what = `intent from ${model} at ${baseUrl}`;
      const intent = await run({ signal, deadlineMs, what }, (client) => ask(client, request));
      breaker.succeeded();
      return intent;
    } catch (error) {
      const isAbandoned = closing.signal.aborted || (signal.aborted && !isTimeout(signal.reason));
      if (isAbandoned) breaker.abandoned();
      else breaker.failed();
      throw asMinibotError(error, baseUrl);
    }
  };

  return {
    classify,
    probe: ({ signal }) => probe({ baseUrl, model, run, signal }),
    async warmUp({ signal, deadlineMs }) {
      const startedMs = options.nowMs();
      try {
        await run({ signal, deadlineMs, what: `loading ${model} at ${baseUrl}` }, async (client) => {
          const load = { model, prompt: '', stream: false, keep_alive: options.keepAlive } as const;
          await client.generate({ ...load, options: modelOptions });
          await ask(client, { text: 'oui', question: 'Avez-vous deux minutes ?' });
        });
      } catch (error) {
        throw asMinibotError(error, baseUrl);
      }
      logger.info({ model, ms: Math.round(options.nowMs() - startedMs) }, 'intent model is warm');
    },
    async close() {
      closing.abort(new MinibotError('OLLAMA_CLOSED', `the client of ${baseUrl} is closed`));
      await Promise.allSettled(inFlight);
    },
  };
}

function intentOf(content: string, model: string): Intent {
  const intent = parseAnswer(content);
  if (intent !== null) return intent;
  throw new MinibotError('OLLAMA_ANSWER_INVALID', `${model} did not answer with one of our intents`);
}

async function probe(options: {
  baseUrl: string;
  model: string;
  run: <T>(
    wait: { signal: AbortSignal; deadlineMs: number; what: string },
    work: (client: Ollama) => Promise<T>,
  ) => Promise<T>;
  signal: AbortSignal;
}): Promise<{ version: string; model: string }> {
  const { baseUrl, model, run, signal } = options;
  const wait = { signal, deadlineMs: PROBE_DEADLINE_MS, what: `asking ${baseUrl} for its models` };
  const { version, names } = await run(wait, async (client) => ({
    version: (await client.version()).version,
    names: (await client.list()).models.map(({ name }) => name),
  })).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new OperatorError(
      'OLLAMA_UNREACHABLE',
      `Ollama does not answer at ${baseUrl}: start it (ollama serve), correct OLLAMA_BASE_URL, or set INTENT_ENGINE=local`,
      { cause: error },
    );
  });
  const wanted = model.includes(':') ? model : `${model}:latest`;
  if (!names.includes(wanted)) {
    throw new OperatorError(
      'OLLAMA_MODEL_MISSING',
      `Ollama at ${baseUrl} has no model ${model}: run "ollama pull ${model}", or set OLLAMA_MODEL to one of its own (${names.slice(0, 10).join(', ') || 'it has none'})`,
    );
  }
  return { version, model: wanted };
}

/** The caller could not wait any longer. */
function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

function asMinibotError(error: unknown, baseUrl: string): MinibotError {
  return error instanceof MinibotError
    ? error
    : new MinibotError('OLLAMA_FAILED', `request to Ollama at ${baseUrl} failed`, { cause: error });
}
