import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, MemoryStore, rateLimit } from 'express-rate-limit';
import type { Logger } from 'pino';
import { HttpProblem, sendProblem } from './problem.ts';

export interface Credentials {
  username: string;
  password: string;
}

export interface Login {
  /** Lets only those pass who bring the right name and password (HTTP Basic). */
  readonly require: RequestHandler;
  close(): void;
}

/** Wrong passwords from one address before it has to wait, right ones included. */
const MAX_FAILURES = 10;
const FAILURE_WINDOW_MS = 60_000;

/**
 * HTTP Basic: no session to steal or to keep, and every tool speaks it. Requests without credentials are asked for them
 * and do not count as failures: that is how a browser begins.
 */
export function createLogin(credentials: Credentials, logger: Logger): Login {
  const isRight = credentialCheck(credentials);
  const store = new MemoryStore();
  const countFailure = rateLimit({
    windowMs: FAILURE_WINDOW_MS,
    limit: MAX_FAILURES,
    standardHeaders: false,
    legacyHeaders: false,
    store,
    keyGenerator: clientOf,
    // We trust no proxy's word about who is calling; a forged header changes nothing.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (_request, response) => refuseForNow(response, FAILURE_WINDOW_MS),
  });

  return {
    require: async (request, response, next) => {
      const failures = await store.get(clientOf(request));
      const waitMs = (failures?.resetTime?.getTime() ?? 0) - Date.now();
      // Before the password is looked at: otherwise guessing could go on and the answer would tell.
      if (waitMs > 0 && (failures?.totalHits ?? 0) >= MAX_FAILURES) {
        refuseForNow(response, waitMs);
        return;
      }
      const header = request.headers.authorization;
      if (header !== undefined && isRight(header)) {
        next();
        return;
      }
      if (header === undefined) {
        askForCredentials(response);
        return;
      }
      logger.warn({ client: request.ip }, 'somebody tried to log in with a wrong name or password');
      await countFailure(request, response, () => askForCredentials(response));
    },
    close: () => store.shutdown(),
  };
}

/** Takes the same time for every wrong guess, whatever of it is right and however long it is. */
function credentialCheck({ username, password }: Credentials): (header: string) => boolean {
  const key = randomBytes(32);
  const digest = (text: string) => createHmac('sha256', key).update(text).digest();
  const expected = digest(`${username}:${password}`);
  return (header) => {
    const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header)?.[1] ?? '';
    return timingSafeEqual(digest(Buffer.from(encoded, 'base64').toString('utf8')), expected);
  };
}

function askForCredentials(response: Response): void {
  response.set('WWW-Authenticate', 'Basic realm="MiniBotPanel", charset="UTF-8"');
  sendProblem(response, new HttpProblem(401, 'login_required', 'name and password are needed (HTTP Basic)'));
}

function refuseForNow(response: Response, waitMs: number): void {
  const seconds = Math.ceil(waitMs / 1000);
  response.set('Retry-After', String(seconds));
  sendProblem(
    response,
    new HttpProblem(429, 'too_many_failures', `too many wrong passwords: try again in ${seconds} s`),
  );
}

/** One key per IPv4 address or IPv6 network. */
function clientOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? '');
}
