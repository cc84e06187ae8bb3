import { ContactFileError } from '../contacts/contact-file-error.ts';
import { MinibotError, OperatorError } from '../errors.ts';
import type { CommandContext } from './command-context.ts';

const MAX_SHOWN = 500;
const MAX_CAUSES = 5;

/**
 * Tells the operator what went wrong: what they can mend in one message, anything else in one line with a hint; where it
 * comes from with `--verbose`. With `--json` the message is an object of its own on standard error.
 */
export function reportError(
  error: unknown,
  context: Pick<CommandContext, 'messages' | 'terminal' | 'json' | 'verbose'>,
): void {
  const { messages, terminal } = context;
  const isOurs = error instanceof MinibotError;
  const message = isOurs ? sentenceOf(error, messages) : messages.unexpected(innermostMessage(error));
  if (context.json) {
    const code = isOurs ? error.code : 'unexpected';
    terminal.stderr.write(`${JSON.stringify({ error: { code, message } })}\n`);
  } else {
    terminal.printError(messages.errorLabel, message);
  }
  if (context.verbose) {
    for (const cause of causesOf(error)) terminal.printNote(shorten(cause.stack ?? String(cause)));
  } else if (!context.json && !(error instanceof OperatorError)) {
    terminal.printNote(messages.verboseHint);
  }
}

/** In the reader's language where it is known. */
function sentenceOf(error: MinibotError, { contactFile }: CommandContext['messages']): string {
  return error instanceof ContactFileError ? error.in(contactFile) : error.message;
}

/** Database libraries wrap the driver's error in one whose message is the whole statement with its values. */
export function innermostMessage(error: unknown): string {
  const message = causesOf(error).at(-1)?.message ?? String(error);
  return shorten(message.replace(/\s+/g, ' ').trim());
}

/** The error itself, then what caused it, down to the first cause. */
function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let next = error; next instanceof Error && causes.length < MAX_CAUSES;) {
    causes.push(next);
    next = next instanceof AggregateError ? next.errors[0] : next.cause;
  }
  return causes;
}

function shorten(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)} …`;
}
