import { Router, type RequestHandler } from 'express';
import { contactAttempts } from './handlers/contact-attempts.ts';
import { health, type HealthDeps } from './handlers/health.ts';
import type { Gate } from '../campaigns/gate.ts';
import type { Executor } from '../db/client.ts';

export interface RouteDeps extends HealthDeps {
  db: Executor;
  /** Asked what comes next, never whether to call. */
  gate: Gate;
}

type Route = readonly ['get', string, RequestHandler];

/** For everybody. */
export function openRoutes(deps: RouteDeps): Router {
  return routerOf([['get', '/health', health(deps)]]);
}

/** Behind the login. */
export function operatorRoutes(deps: RouteDeps): Router {
  return routerOf([['get', '/contacts/:contact/attempts', contactAttempts(deps)]]);
}

function routerOf(routes: readonly Route[]): Router {
  const router = Router();
  for (const [method, path, handler] of routes) router[method](path, handler);
  return router;
}
