import type { Readable } from 'node:stream';
import type { Environment } from '../config.ts';
import type { Messages } from './language.ts';
import type { Terminal } from './terminal.ts';

/** Standard input. */
export type Input = Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };

/** What the process was started with. */
export interface Shell {
  environment: Environment;
  messages: Messages;
  stdin: Input;
  terminal: Terminal;
  /** Told by a command that ends with this status while something goes on that nobody waits for any more. */
  leftBehind?: (exitStatus: number) => void;
}

/** What every command is given beside its own options. */
export interface CommandContext extends Shell {
  /** Results as JSON, for programs. */
  json: boolean;
  /** Debug messages, and where an unexpected error comes from. */
  verbose: boolean;
  /** Aborted by Ctrl+C and SIGTERM. */
  signal: AbortSignal;
}
