import type { RequestHandler } from 'express';
import { HttpProblem } from './problem.ts';

const READS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * A browser sends the password along with whatever another site makes it request: changes are taken from our own pages,
 * and from programs that are no browser, only.
 */
export const changesFromOurPagesOnly: RequestHandler = (request, _response, next) => {
  const site = request.headers['sec-fetch-site'];
  const { origin, host } = request.headers;
  const isForeign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && hostOf(origin) !== host);
  if (!READS.includes(request.method) && isForeign) {
    next(new HttpProblem(403, 'foreign_origin', 'another site may not make changes here'));
    return;
  }
  next();
};

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
