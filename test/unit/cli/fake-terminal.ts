import { Terminal } from '../../../src/cli/terminal.ts';
import type { Environment } from '../../../src/config.ts';

/** A terminal that remembers what it was given. */
export function fakeTerminal(options: { isTTY?: boolean; environment?: Environment } = {}) {
  const { isTTY = false, environment = {} } = options;
  const written = { out: '', err: '' };
  const stream = (name: keyof typeof written) => ({
    isTTY,
    columns: 80,
    write: (text: string) => {
      written[name] += text;
    },
  });
  return { written, terminal: new Terminal(stream('out'), stream('err'), environment) };
}
