import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { MinibotError, OperatorError } from '../errors.ts';

/** A request that cannot be served, as RFC 9457 tells it. `detail` is shown to whoever asked. */
export class HttpProblem extends MinibotError {
  constructor(
    readonly status: number,
    code: string,
    detail: string,
  ) {
    super(code, detail);
  }
}

/** The only way an error leaves by the web door: `application/problem+json` with our stable `code`. */
export function sendProblem(response: Response, problem: HttpProblem): void {
  response
    .status(problem.status)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: TITLES[problem.status] ?? 'Error',
        status: problem.status,
        code: problem.code,
        detail: problem.message,
      }),
    );
}

export const notFound: RequestHandler = (_request, response) => {
  sendProblem(response, new HttpProblem(404, 'not_found', 'there is nothing at this address'));
};

/** Last in the chain. What went wrong inside is logged and never shown. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  // Express tells an error handler by its four parameters.
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = problemOf(error);
    if (problem.status >= 500) logger.error({ err: error, method: request.method }, 'a web request failed');
    sendProblem(response, problem);
  };
}

export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof OperatorError) return new HttpProblem(409, error.code, error.message);
  // Express and its parsers give what the client did wrong a status below 500.
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 500
    ? new HttpProblem(status, 'request_invalid', 'the request cannot be read')
    : new HttpProblem(500, 'internal_error', 'the request failed on our side; the log says why');
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};
