import type { CommandContext } from '../../src/cli/command-context.ts';
import { chooseMessages } from '../../src/cli/language.ts';
import type { Environment } from '../../src/config.ts';
import { noInput } from './no-input.ts';
import { fakeTerminal } from '../unit/cli/fake-terminal.ts';

/** What a command is given, in this process; `written` is what it prints. */
export function commandContext(environment: Environment, options: { json?: boolean } = {}) {
  const { written, terminal } = fakeTerminal();
  const context: CommandContext = {
    environment,
    stdin: noInput(),
    terminal,
    messages: chooseMessages(environment),
    json: options.json ?? false,
    verbose: false,
    signal: new AbortController().signal,
  };
  return { context, written };
}
