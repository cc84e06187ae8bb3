import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import pino from 'pino';
import { loadObjectionThemes } from '../../call-engine/objections/load.ts';
import { ObjectionLearner } from '../../call-engine/objections/match.ts';
import { loadScenario } from '../../call-engine/scenario/load.ts';
import type { Prompt } from '../../call-engine/scenario/machine.ts';
import {
  Rehearsal,
  type RehearsedAnswer,
  type RehearsedReply,
  type RehearsedTurn,
} from '../../call-engine/scenario/rehearsal.ts';
import { fillTemplate } from '../../call-engine/scenario/template.ts';
import { loadConfig } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import { openIntentEngine } from '../../workers/intent-engine.ts';
import type { CommandContext } from '../command-context.ts';
import { formatDecimal } from '../format.ts';
import { openTextFile, resolvePath } from '../input-file.ts';
import { scenarioDefaults } from '../scenario-files.ts';
import { visible } from '../visible.ts';

export interface ScenarioSimulateOptions {
  /** A file with one answer a line, in place of the terminal. */
  answers?: string;
}

type Input = RehearsedAnswer | { type: 'hangup' };

const SILENCE = /^\/silence$/i;
const HANGUP = /^\/(?:hangup|raccroche)$/i;
const OVER = /^!\s*(?=\S)/;
const MAX_ANSWER = 500;
/** More than any call can hold. */
const MAX_ANSWERS_BYTES = 1_000_000;

/** A call in writing: the real scenario machine, classifier and objection matcher, and no telephone. */
export async function runScenarioSimulate(
  context: CommandContext,
  id: string,
  options: ScenarioSimulateOptions,
): Promise<undefined> {
  const { messages, terminal, signal } = context;
  const texts = messages.scenarioTools.simulate;
  const config = loadConfig(context.environment);
  const scenario = await loadScenario(config.scenarios.dir, id, scenarioDefaults(config));
  const themes = await loadObjectionThemes({ directory: config.objections.dir, theme: scenario.theme });
  const matchObjection = config.objections.usePrerecorded
    ? await new ObjectionLearner().matcher({
        themes,
        voice: scenario.voice,
        minScore: config.objections.minScore,
      })
    : () => null;
  const lines = options.answers === undefined ? null : await readAnswers(context, options.answers);
  const isAsked = lines === null && context.stdin.isTTY === true;
  const logger = pino({ level: context.verbose ? 'debug' : 'silent' }, pino.destination(2));
  const classifier = openIntentEngine(config, logger);
  const turns: (RehearsedTurn & { said: string })[] = [];
  const rehearsal = new Rehearsal({ scenario, classifier, matchObjection, signal });
  let hungUp = false;
  try {
    const opening = rehearsal.start();
    if (!context.json) {
      terminal.printHeading(texts.title(scenario.name));
      if (isAsked) terminal.printNote(texts.help);
      printReply(context, opening);
    }
    let ending = opening.ending;
    for await (const line of lines ?? typedAnswers(context, isAsked)) {
      if (ending !== null) break;
      const input = readInput(line);
      if (!context.json && !isAsked) terminal.printLine(`  ${texts.you} ${line}`);
      if (input.type === 'hangup') {
        hungUp = true;
        break;
      }
      const turn = await rehearsal.answer(input);
      turns.push({ said: line, ...turn });
      if (!context.json) printTurn(context, turn);
      ({ ending } = turn);
      if (ending !== null) break;
    }
    const result = ending?.result ?? (hungUp || isAsked ? 'hangup' : null);
    if (context.json) {
      terminal.printJson({
        scenario: id,
        opening: shownReply(opening),
        turns: turns.map(shownTurn),
        result,
        ending,
      });
    } else {
      terminal.print();
      const reason = ending === null ? null : texts.reasons[ending.reason];
      terminal.printLine(result === null ? texts.unfinished : texts.over(result, reason));
    }
  } finally {
    await classifier.close();
  }
  return undefined;
}

function readInput(line: string): Input {
  const text = line.trim().slice(0, MAX_ANSWER);
  if (text === '' || SILENCE.test(text)) return { type: 'silence' };
  if (HANGUP.test(text)) return { type: 'hangup' };
  return { type: 'said', text: text.replace(OVER, ''), over: OVER.test(text) };
}

/** Lines that begin with `#` are remarks. */
async function readAnswers(context: CommandContext, given: string): Promise<string[]> {
  const file = resolvePath(given, context.environment);
  await openTextFile(file, context.messages);
  const text = await readFile(file, 'utf8');
  if (text.length > MAX_ANSWERS_BYTES) {
    throw new OperatorError('answers_too_large', context.messages.scenarioTools.simulate.tooLarge(given));
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.filter((line) => !line.startsWith('#'));
}

/** What is typed, or piped in, line by line; ends with the input and with Ctrl+C. */
async function* typedAnswers(
  { messages, stdin, terminal, signal }: CommandContext,
  isAsked: boolean,
): AsyncGenerator<string> {
  const input = createInterface({ input: stdin, crlfDelay: Infinity });
  const stop = (): void => {
    input.close();
  };
  signal.addEventListener('abort', stop, { once: true });
  const ask = (): void => {
    if (isAsked) terminal.stdout.write(`  ${terminal.colors.bold(messages.scenarioTools.simulate.you)} `);
  };
  try {
    ask();
    for await (const line of input) {
      yield line;
      ask();
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', stop);
    input.close();
  }
}

function printTurn(context: CommandContext, turn: RehearsedTurn): void {
  const { messages, terminal } = context;
  const texts = messages.scenarioTools.simulate;
  const { verdict, objection, fromStepId, stepId, isIgnored } = turn;
  const percent = String(Math.round(verdict.confidence * 100));
  const heard = [
    texts.intent(verdict.intent, percent, verdict.method),
    ...(objection === null
      ? []
      : [texts.objection(objection.objectionId, formatDecimal(objection.score * 100, messages))]),
  ].join(' · ');
  terminal.print(`     ${terminal.colors.cyan(visible(heard))}`);
  if (isIgnored) terminal.print(`     ${terminal.colors.yellow(texts.ignored)}`);
  else
    terminal.print(
      `     ${terminal.colors.dim(visible(`${fromStepId} → ${turn.prompts.at(-1)?.label ?? stepId}`))}`,
    );
  printReply(context, turn);
}

function printReply({ messages, terminal }: CommandContext, reply: RehearsedReply): void {
  const texts = messages.scenarioTools.simulate;
  for (const prompt of reply.prompts) {
    terminal.print(
      `🤖 ${terminal.colors.bold(`[${prompt.label}]`)} ${visible(fillTemplate(prompt.text, {}))}`,
    );
    if (!prompt.bargeIn) terminal.print(`     ${terminal.colors.dim(texts.noBargeIn)}`);
  }
}

function shownReply({ prompts, stepId, waitsMs }: RehearsedReply) {
  return { step: stepId, waitsMs, prompts: prompts.map(shownPrompt) };
}

function shownPrompt({ label, audioPath, text, bargeIn }: Prompt) {
  return { label, audioPath, text: fillTemplate(text, {}), bargeIn };
}

function shownTurn(turn: RehearsedTurn & { said: string }) {
  const { said, fromStepId, verdict, objection, isIgnored } = turn;
  return { said, fromStep: fromStepId, ...verdict, objection, isIgnored, ...shownReply(turn) };
}
