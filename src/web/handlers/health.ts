import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Executor } from '../../db/client.ts';
import { pingDatabase } from '../../db/ping.ts';
import { withDeadline } from '../../deadline.ts';
import type { QueueBackend } from '../../queues/backend.ts';

export interface HealthDeps {
  db: Executor;
  backend: Pick<QueueBackend, 'kind' | 'ping'>;
  /** Of this program. */
  version: string;
  logger: Logger;
}

interface Health {
  status: 'ok' | 'unavailable';
  version: string;
  database: 'ok' | 'unavailable';
  queue: 'ok' | 'unavailable';
}

const ANSWER_MS = 3_000;
/** Anybody may ask, as often as they like: the database and the queue are asked once in this time. */
const KEPT_MS = 1_000;

/** `GET /health`, without login: 200 when database and queue answer, 503 when one does not. Says nothing else. */
export function health(deps: HealthDeps): RequestHandler {
  let latest: { at: number; answer: Promise<Health> } | null = null;
  return async (_request, response) => {
    const now = performance.now();
    if (latest === null || now - latest.at > KEPT_MS) latest = { at: now, answer: check(deps) };
    const answer = await latest.answer;
    response
      .status(answer.status === 'ok' ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json(answer);
  };
}

async function check({ db, backend, version, logger }: HealthDeps): Promise<Health> {
  const answers = async (what: string, ping: () => Promise<void>) => {
    try {
      await withDeadline(ping(), ANSWER_MS, `the ${what}'s answer`);
      return 'ok';
    } catch (error) {
      logger.warn({ err: error }, `the ${what} does not answer`);
      return 'unavailable';
    }
  };
  const [database, queue] = await Promise.all([
    answers('database', () => pingDatabase(db)),
    answers(`queue (${backend.kind})`, () => backend.ping()),
  ]);
  const status = database === 'ok' && queue === 'ok' ? 'ok' : 'unavailable';
  return { status, version, database, queue };
}
