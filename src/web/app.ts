import express, { type Express } from 'express';
import type { Login } from './login.ts';
import { notFound, problemHandler } from './problem.ts';
import type { QueueBoard } from './queue-board/queue-board.ts';
import { openRoutes, operatorRoutes, type RouteDeps } from './routes.ts';
import { changesFromOurPagesOnly } from './same-origin.ts';
import { securityHeaders } from './security-headers.ts';

export interface WebAppDeps extends RouteDeps {
  login: Pick<Login, 'require'>;
  queueBoard: Pick<QueueBoard, 'router'>;
}

/** The web door, not listening yet. Everything but `/health` is behind the login. Opens nothing. */
export function createWebApp(deps: WebAppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders());
  app.use(openRoutes(deps));
  app.use(deps.login.require, changesFromOurPagesOnly);
  app.use(operatorRoutes(deps));
  app.use(deps.queueBoard.router);
  app.use(notFound, problemHandler(deps.logger));
  return app;
}
