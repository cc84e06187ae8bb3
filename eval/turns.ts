import path from 'node:path';
import { writeFile } from 'node:fs/promises';
import { OperatorError } from '../src/errors.ts';
import { PARTS, type Part } from './turns/clips.ts';
import { planConversations, type PlannedConversation } from './turns/conversations.ts';
import { openEngine } from './turns/engine.ts';
import { readConversations } from './turns/own-conversations.ts';
import { judge, type Judgement } from './turns/judge.ts';
import { playConversation } from './turns/play.ts';
import { printTurns, rowOf } from './turns/report.ts';
import { scoreTurns } from './turns/scores.ts';

export interface TurnsOptions {
  /** A TSV of one's own conversations instead of those that ship. */
  file?: string;
  part?: string;
  /** True without a file: to the output, instead of the tables. */
  json?: string | true;
}

/** Played side by side; each waits for its own recogniser only. */
const AT_ONCE = 3;

export const TURNS_DESCRIPTION =
  'whole conversations in audio time: cut-ins, barge-ins, end-of-turn delay (TSV: prompt, text, line, expects)';

/** Plays the conversations of one part and scores how the bot took its turns. */
export async function evaluateTurns(root: string, options: TurnsOptions): Promise<void> {
  const part = partOf(options.part);
  const plans = options.file === undefined ? planConversations(part) : await readConversations(options.file);
  const name = options.file ?? part;
  const judged = await playAll(root, plans);
  const scores = scoreTurns(judged);
  const report = { evaluation: 'turns', file: name, ...scores, rows: judged.map(rowOf) };
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (options.json === true) {
    process.stdout.write(text);
    return;
  }
  process.stdout.write(printTurns(name, scores));
  if (options.json !== undefined) await writeFile(path.resolve(options.json), text);
}

function partOf(given = 'scored'): Part {
  const part = PARTS.find((known) => known === given);
  if (part === undefined) {
    throw new OperatorError('EVAL_PART_UNKNOWN', `"${given}" is no part: write ${PARTS.join(' or ')}`);
  }
  return part;
}

async function playAll(root: string, plans: readonly PlannedConversation[]): Promise<Judgement[]> {
  const engine = await openEngine(root);
  const judged = new Map<string, Judgement>();
  const waiting = [...plans];
  const playOn = async (): Promise<void> => {
    for (let plan = waiting.shift(); plan !== undefined; plan = waiting.shift()) {
      judged.set(plan.id, judge(await playConversation(engine, plan)));
      showProgress(judged.size, plans.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, playOn));
  } finally {
    await engine.close();
  }
  return plans.flatMap(({ id }) => judged.get(id) ?? []);
}

function showProgress(done: number, total: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r${done} of ${total} conversations${done === total ? '\n' : ''}`);
}
