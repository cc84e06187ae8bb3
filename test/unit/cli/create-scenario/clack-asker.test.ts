import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BACK } from '../../../../src/cli/create-scenario/asker.ts';
import { clackAsker } from '../../../../src/cli/create-scenario/clack-asker.ts';
import { en } from '../../../../src/cli/messages/en.ts';

/** On a machine that may be busy. */
const DEADLINE_MS = 20_000;

let input: PassThrough;
let shown: string;
let stop: AbortController;
let asker: ReturnType<typeof clackAsker>;

beforeEach(() => {
  input = new PassThrough();
  const output = new PassThrough();
  shown = '';
  output.setEncoding('utf8').on('data', (text: string) => (shown += text));
  stop = new AbortController();
  asker = clackAsker({ input, output }, { messages: en, signal: stop.signal });
});
afterEach(() => {
  asker.close();
});

/** Types once the question stands there. */
async function type(question: string, keys: string): Promise<void> {
  await vi.waitFor(
    () => {
      expect(shown).toContain(question);
    },
    { timeout: DEADLINE_MS },
  );
  input.write(keys);
}

const anything = () => null;

it('takes what is typed, and says what is wrong with it', async () => {
  const answer = asker.text({
    message: 'Name?',
    initial: '',
    validate: (text) => (text === 'x' ? 'Too short.' : null),
  });
  await type('Name?', 'x\r');
  await type('Too short.', 'yz\r');
  expect(await answer).toBe('xyz');
});

it('chooses one, or many', async () => {
  const choices = ['a', 'b', 'c'].map((value) => ({ value, label: `the ${value}` }));
  const one = asker.choose({ message: 'Which?', choices, initial: 'b' });
  await type('the c', '\u001b[B\r');
  expect(await one).toBe('c');
  const many = asker.chooseMany({ message: 'Which ones?', choices, initial: ['b'] });
  await type('Which ones?', ' \r');
  expect(await many).toEqual(['a', 'b']);
});

it('goes back on Escape and stops on Ctrl+C', async () => {
  const back = asker.confirm({ message: 'Sure?', initial: true });
  await type('Sure?', '\u001b');
  expect(await back).toBe(BACK);
  const stopped = asker.text({ message: 'Then?', initial: '', validate: anything });
  await type('Then?', '\u0003');
  await expect(stopped).rejects.toMatchObject({
    code: 'cancelled',
    message: 'called off; nothing was written',
  });
});

it('is over when the command is stopped', async () => {
  const stopped = asker.text({ message: 'Name?', initial: '', validate: anything });
  await type('Name?', 'half');
  stop.abort(new Error('SIGTERM'));
  await expect(stopped).rejects.toThrow('SIGTERM');
});

it('shows no control characters of a file name', () => {
  asker.note('a\u001b[2Jb', 'title');
  expect(shown).toContain('a\ufffd[2Jb');
});
