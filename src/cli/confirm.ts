import { createInterface } from 'node:readline/promises';
import { OperatorError } from '../errors.ts';
import type { CommandContext } from './command-context.ts';
import { visible } from './visible.ts';

/** Asks on the terminal. Rejects (`not_confirmed`, `refused`) on any other answer than yes, and where nobody can be asked. */
export async function confirm(
  { messages, signal, stdin }: Pick<CommandContext, 'messages' | 'signal' | 'stdin'>,
  { question, refused }: { question: string; refused: string },
): Promise<void> {
  const refuse = () => new OperatorError('not_confirmed', refused);
  if (stdin.isTTY !== true) throw refuse();
  const reader = createInterface({ input: stdin, output: process.stderr });
  // Ctrl+D, or a terminal that is gone: nobody answers any more.
  const gone = new AbortController();
  reader.once('close', () => gone.abort(refuse()));
  // In raw mode a Ctrl+C is a key to the reader, not a signal to us.
  reader.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await reader.question(`${visible(question)} `, {
      signal: AbortSignal.any([signal, gone.signal]),
    });
    if (!messages.yes.includes(answer.trim().toLowerCase())) throw refuse();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw gone.signal.aborted ? refuse() : error;
  } finally {
    reader.close();
  }
}
