/** Bull Board's routes that change something and may be used: they change the campaign, not only its queue. */
const ALLOWED = [
  '/api/queues/:queueName/pause',
  '/api/queues/:queueName/resume',
  '/api/queues/pause',
  '/api/queues/resume',
];

/**
 * Whether the board may do this. The database says what is to be done, so a job that was added, removed or changed in the
 * queue behind its back would be wrong or without effect.
 */
export function isAllowedOnBoard(method: string, route: string): boolean {
  return method.toLowerCase() === 'get' || ALLOWED.includes(route);
}

export const NOT_ALLOWED_ON_BOARD =
  'On this page campaigns can be watched, paused and resumed. Everything else is done by the command line: npm run minibot';
