import type { Environment } from '../config.ts';
import type { Messages } from './language.ts';
import type { Terminal } from './terminal.ts';

/** What the process was started with. */
export interface Shell {
  environment: Environment;
  messages: Messages;
  terminal: Terminal;
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
