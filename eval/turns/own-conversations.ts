import { existsSync } from 'node:fs';
import path from 'node:path';
import { INTENTS, type Intent } from '../../src/call-engine/intent/intents.ts';
import { invalidLine, readTsvFile, type TsvRow } from '../tsv.ts';
import { loadSound } from './clips.ts';
import type { Expectation, LineEvent, PlannedConversation } from './conversations.ts';

const EXPECTATIONS: readonly Expectation[] = ['answer', 'interruption', 'listening'];

/**
 * Conversations of one's own: `prompt` (what the bot plays), `text` (what it says there), `line` (what comes from the other
 * end: WAV files, each with when), `expects`, and where wanted `intents` (what the last words may be taken for). Files are
 * 8 kHz WAV, relative to the TSV. Throws an `OperatorError` that names the line.
 */
export async function readConversations(file: string): Promise<PlannedConversation[]> {
  const rows = await readTsvFile(file, ['prompt', 'text', 'line', 'expects']);
  return rows.map((row) => conversationOf(row, file));
}

function conversationOf({ line, columns }: TsvRow, file: string): PlannedConversation {
  const cell = (name: string): string => (columns[name] ?? '').trim();
  const sound = (name: string) => {
    const wav = path.resolve(path.dirname(file), name);
    if (!existsSync(wav)) throw invalidLine(file, line, `there is no file ${wav}`);
    try {
      return loadSound(wav);
    } catch (error) {
      throw invalidLine(file, line, error instanceof Error ? error.message : String(error));
    }
  };
  const expects = EXPECTATIONS.find((known) => known === cell('expects'));
  if (expects === undefined) {
    throw invalidLine(file, line, `expects must be one of ${EXPECTATIONS.join(', ')}`);
  }
  const intents = intentsOf(cell('intents'), file, line);
  const events = cell('line')
    .split(/\s+/)
    .filter((item) => item !== '')
    .map((item): LineEvent => ({ ...eventOf(item, sound, file, line), intents }));
  if (events.length === 0) throw invalidLine(file, line, 'line names no sound: write e.g. oui.wav@end+400');
  return {
    id: String(line),
    kind: cell('kind') || expects,
    expects,
    prompt: { name: cell('prompt'), text: cell('text'), sound: sound(cell('prompt')) },
    events,
    line: { background: null, echo: null },
  };
}

/** `oui.wav@end+400` 400 ms after the prompt, `@3500` when so much of it was played, `@+600` after the sound before. */
function eventOf(
  item: string,
  sound: (name: string) => LineEvent['sound'],
  file: string,
  line: number,
): Omit<LineEvent, 'intents'> {
  const [, isNoise, name, anchor, ms] = /^(!?)(.+)@(end\+|\+|)(\d{1,6})$/.exec(item) ?? [];
  if (name === undefined || ms === undefined) {
    throw invalidLine(file, line, `"${item}": write FILE@end+MS, FILE@MS or FILE@+MS`);
  }
  const after = anchor === 'end+' ? 'prompt-end' : anchor === '+' ? 'previous' : 'prompt';
  return { sound: sound(name), isSpeech: isNoise === '', after, ms: Number(ms) };
}

function intentsOf(cell: string, file: string, line: number): readonly Intent[] | null {
  if (cell === '') return null;
  return cell.split(/[\s,]+/).map((name) => {
    const intent = INTENTS.find((known) => known === name);
    if (intent === undefined) throw invalidLine(file, line, `"${name}" is no intent`);
    return intent;
  });
}
