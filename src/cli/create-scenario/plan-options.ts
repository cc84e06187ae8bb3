import { readFile, stat } from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import type { ScenarioPlanInput, Retry } from '../../scenario-plan/plan.ts';
import { OperatorError } from '../../errors.ts';
import type { CommandContext } from '../command-context.ts';
import { openTextFile, resolvePath } from '../input-file.ts';

/** What `create-scenario` was given; absent options are asked for, or have their default. */
export interface CreateScenarioOptions {
  name?: string;
  description?: string;
  voice?: string;
  theme?: string;
  maxAutonomousTurns?: number;
  timeout?: number;
  /** False: `--no-barge-in`. */
  bargeIn: boolean;
  retry?: Retry;
  question: { step: string; text: string }[];
  determinant?: string[];
  caller?: string;
  disclosure?: string;
  recordingNotice?: boolean;
  voicemail?: string;
  fromJson?: string;
  id?: string;
  force: boolean;
  dryRun: boolean;
}

const MAX_JSON_BYTES = 1_000_000;

/** The options hold the questions: nobody needs to be asked. */
export function isAnswered({ question, fromJson }: CreateScenarioOptions): boolean {
  return question.length > 0 || fromJson !== undefined;
}

/** What the options say of a plan, over what `--from-json` says. Nothing of it is checked yet. */
export async function planGiven(
  context: CommandContext,
  options: CreateScenarioOptions,
): Promise<Record<string, unknown>> {
  const { messages } = context;
  const base = options.fromJson === undefined ? {} : await readJson(context, options.fromJson);
  if (typeof base !== 'object' || base === null || Array.isArray(base)) {
    throw new OperatorError('plan_invalid', messages.createScenario.badPlan(['{…}']));
  }
  const plan: Record<string, unknown> = { ...base, ...settingsGiven(options) };
  if (options.question.length > 0) plan['questions'] = options.question;
  const { determinant = [] } = options;
  if (determinant.length > 0) plan['questions'] = markDeterminant(context, plan['questions'], determinant);
  return plan;
}

/** Those settings that options name, as a plan calls them. */
export function settingsGiven(options: CreateScenarioOptions): Partial<ScenarioPlanInput> {
  const { name, description, voice, theme, maxAutonomousTurns, timeout, retry, caller } = options;
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(voice !== undefined && { voice }),
    ...(theme !== undefined && { theme }),
    ...(maxAutonomousTurns !== undefined && { max_autonomous_turns: maxAutonomousTurns }),
    ...(timeout !== undefined && { timeout }),
    ...(!options.bargeIn && { barge_in: false }),
    ...(retry !== undefined && { retry }),
    ...(caller !== undefined && { caller }),
    ...(options.disclosure !== undefined && { disclosure: { text: options.disclosure } }),
    ...(options.recordingNotice === true && { recording_notice: true }),
    ...(options.voicemail !== undefined && { voicemail: { text: options.voicemail } }),
  };
}

function markDeterminant(
  { messages }: CommandContext,
  questions: unknown,
  determinant: readonly string[],
): unknown[] {
  const known: unknown[] = Array.isArray(questions) ? questions : [];
  const isCalled = (question: unknown, step: string): question is object =>
    typeof question === 'object' && question !== null && 'step' in question && question.step === step;
  for (const step of determinant) {
    if (known.some((question) => isCalled(question, step))) continue;
    throw new OperatorError('plan_invalid', messages.createScenario.noQuestion(step));
  }
  return known.map((question) =>
    determinant.some((step) => isCalled(question, step))
      ? { ...(question as object), determinant: true }
      : question,
  );
}

async function readJson(context: CommandContext, given: string): Promise<unknown> {
  const { messages, environment, stdin } = context;
  const texts = messages.createScenario;
  let text: string;
  if (given === '-') text = await readStream(stdin);
  else {
    const file = resolvePath(given, environment);
    await openTextFile(file, messages).catch((error: unknown) => {
      if (!(error instanceof OperatorError && error.code === 'file_binary')) throw error;
      throw new OperatorError('plan_invalid', texts.noText(given), { cause: error });
    });
    if ((await stat(file)).size > MAX_JSON_BYTES) {
      throw new OperatorError('plan_too_large', texts.jsonTooLarge(given));
    }
    text = await readFile(file, 'utf8');
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OperatorError('plan_invalid', texts.badJson(given, why), { cause: error });
  }
}
