import { MinibotError } from '../errors.ts';
import type { Executor } from './client.ts';

/** Does `work` in a transaction that is always rolled back: the answer is what it would come to, and nothing of it stays. */
export async function rehearse<T>(db: Executor, work: (tx: Executor) => Promise<T>): Promise<T> {
  const over = new MinibotError('rehearsal_over', 'the rehearsal is over');
  const answers: T[] = [];
  try {
    await db.transaction(async (tx) => {
      answers.push(await work(tx));
      throw over;
    });
  } catch (error) {
    if (error !== over) throw error;
  }
  const [answer] = answers;
  if (answer === undefined) throw over;
  return answer;
}
