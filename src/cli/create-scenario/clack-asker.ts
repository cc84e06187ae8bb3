import type { Readable, Writable } from 'node:stream';
import * as clack from '@clack/prompts';
import { OperatorError } from '../../errors.ts';
import type { Messages } from '../language.ts';
import { visible } from '../visible.ts';
import { BACK, type Asker, type ChoiceQuestion } from './asker.ts';

interface Key {
  name?: string;
  ctrl?: boolean;
}

/** Rows of a list at once: the question, its frame and the last answer stay on 24 lines. */
const MAX_ROWS = 9;

const BAR = '│';
const CLEAR_LINE = '\r\u001b[2K';

/** Questions on a terminal. Escape goes back, Ctrl+C calls it off. */
export function clackAsker(
  { input, output }: { input: Readable; output: Writable },
  { messages, signal }: { messages: Messages; signal: AbortSignal },
): Asker & { close: () => void } {
  const { yes, no, cancelled } = messages.createScenario;
  let lastKey: Key = {};
  const watch = (_character: unknown, key: Key | undefined): void => {
    lastKey = key ?? {};
  };
  input.on('keypress', watch);
  // One for each question: the library leaves its listeners on it.
  const common = () => ({ input, output, signal: AbortSignal.any([signal]) });
  // The library says "given up" for both keys alike.
  const answered = <T>(value: T | symbol): T | typeof BACK => {
    signal.throwIfAborted();
    if (!clack.isCancel(value)) return value as T;
    if (lastKey.name === 'escape') return BACK;
    throw new OperatorError('cancelled', cancelled);
  };
  return {
    text: async ({ message, initial, validate }) =>
      answered<string>(
        await clack.text({
          ...common(),
          message: visible(message),
          initialValue: initial,
          validate: (text) => validate((text ?? '').trim()) ?? undefined,
        }),
      ),
    choose: async <T extends string>({ message, choices, initial }: ChoiceQuestion<T, T | null>) => {
      const given = answered<string>(
        await clack.select<string>({
          ...common(),
          ...{ message: visible(message), options: choices.map(shown), maxItems: MAX_ROWS },
          showInstructions: false,
          ...(initial !== null && { initialValue: initial }),
        }),
      );
      return choices.find(({ value }) => value === given)?.value ?? BACK;
    },
    chooseMany: async <T extends string>({ message, choices, initial }: ChoiceQuestion<T, readonly T[]>) => {
      const given = answered<string[]>(
        await clack.multiselect<string>({
          ...common(),
          ...{ message: visible(message), options: choices.map(shown), maxItems: MAX_ROWS },
          showInstructions: false,
          ...{ initialValues: [...initial], required: false },
        }),
      );
      if (given === BACK) return BACK;
      return choices.map(({ value }) => value).filter((value) => given.includes(value));
    },
    confirm: async ({ message, initial }) =>
      answered<boolean>(
        await clack.confirm({
          ...common(),
          ...{ message: visible(message), initialValue: initial, active: yes, inactive: no },
        }),
      ),
    note: (text, title) => {
      clack.note(visible(text), visible(title), { output, format: (line) => line });
    },
    busy: async (message, work) => {
      output.write(`${BAR}  ${visible(message)} …`);
      try {
        return await work();
      } finally {
        output.write(CLEAR_LINE);
      }
    },
    close: () => {
      input.off('keypress', watch);
    },
  };
}

function shown({ value, label, hint }: { value: string; label: string; hint?: string }) {
  return { value, label: visible(label), ...(hint !== undefined && { hint: visible(hint) }) };
}
