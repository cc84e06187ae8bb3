import { MinibotError } from './errors.ts';

/** `work` did not settle in time. What it was doing may still go on. */
export class DeadlineError extends MinibotError {
  constructor(what: string, deadlineMs: number) {
    super('deadline', `${what} took longer than ${deadlineMs} ms`);
  }
}

/** Settles like `work`, or rejects with a `DeadlineError` that says `what` was waited for. */
export async function withDeadline<T>(work: Promise<T>, deadlineMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new DeadlineError(what, deadlineMs));
    }, deadlineMs);
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}
