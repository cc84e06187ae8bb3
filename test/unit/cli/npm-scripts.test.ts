import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { en } from '../../../src/cli/messages/en.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { noInput } from '../../helpers/no-input.ts';
import { fakeTerminal } from './fake-terminal.ts';

const ROOT = path.join(import.meta.dirname, '../../..');

it('every npm script of the command line runs the command of its own name', () => {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
    scripts: Record<string, string>;
  };
  expect(manifest.bin).toEqual({ minibot: 'bin/minibot.js' });
  const shell = { environment: {}, messages: en, stdin: noInput(), terminal: fakeTerminal().terminal };
  const commands = createProgram(shell, () => undefined).commands.map((command) => command.name());
  const scripts = Object.entries(manifest.scripts).filter(([, line]) =>
    line.startsWith('node bin/minibot.js '),
  );
  expect(scripts.length).toBeGreaterThan(3);
  for (const [name, line] of scripts) {
    expect(line).toBe(`node bin/minibot.js ${name}`);
    expect(commands).toContain(name);
  }
});
