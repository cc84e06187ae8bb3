import { createBullBoard } from '@bull-board/api';
import type { BaseAdapter } from '@bull-board/api/baseAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { Router, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { problemOf } from '../problem.ts';
import { isAllowedOnBoard, NOT_ALLOWED_ON_BOARD } from './allowed-actions.ts';

interface MountedBoard {
  router: Router;
  /** Shows these queues and no others. */
  show(queues: readonly BaseAdapter[]): void;
}

/** Those that Bull Board's page knows. */
const STATUSES = [400, 403, 404, 405, 409, 500] as const;

/** Bull Board, ready to be mounted at `basePath`. */
export function mountBullBoard(basePath: string, logger: Logger): MountedBoard {
  const serverAdapter = new ExpressAdapter().setBasePath(basePath);
  const board = createBullBoard({
    queues: [],
    serverAdapter,
    options: {
      uiConfig: {
        boardTitle: 'MiniBotPanel',
        hideDocsLink: true,
        sortQueues: true,
        jobDetails: { defaultTab: 'Data' },
      },
      handlerHooks: {
        before: ({ method, route }) =>
          isAllowedOnBoard(method, route)
            ? { allow: true }
            : { allow: false, status: 403, message: NOT_ALLOWED_ON_BOARD },
      },
    },
  });
  // Its own would show the text of any error, a database query for one.
  serverAdapter.setErrorHandler((error) => {
    const problem = problemOf(error);
    if (problem.status >= 500) logger.error({ err: error }, 'the queue board failed');
    return {
      status: STATUSES.find((status) => status === problem.status) ?? 500,
      body: { error: { key: 'ERRORS.INTERNAL_SERVER_ERROR' }, message: problem.message },
    };
  });
  // An express application, which the adapter's types do not say.
  const pages = serverAdapter.getRouter() as RequestHandler;
  return {
    router: Router().use(basePath, pages),
    show: (queues) => board.replaceQueues(queues),
  };
}
