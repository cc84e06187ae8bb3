import path from 'node:path';
import { STANDARD_THEME, listObjectionThemes } from '../../call-engine/objections/load.ts';
import { describeFault, listScenarioIds } from '../../call-engine/scenario/load.ts';
import { SCENARIO_ID, type Scenario } from '../../call-engine/scenario/schema.ts';
import { loadConfig, type Config } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import type { Made } from '../../scenario-plan/make-scenario.ts';
import { idFor, readPlan, type ScenarioPlan } from '../../scenario-plan/plan.ts';
import { promptsOf } from '../../voices/needed-recordings.ts';
import { writeAtomically } from '../../voices/write-atomically.ts';
import type { CommandContext } from '../command-context.ts';
import { clackAsker } from '../create-scenario/clack-asker.ts';
import {
  isAnswered,
  planGiven,
  settingsGiven,
  type CreateScenarioOptions,
} from '../create-scenario/plan-options.ts';
import { openTranscriber } from '../create-scenario/transcriber.ts';
import { askForPlan, type Draft } from '../create-scenario/wizard.ts';
import { knownWords, made, openWorld, summary } from '../create-scenario/world.ts';
import { formatNumber } from '../format.ts';
import { sourceRecordings, switchRecordings } from '../../voices/recordings-folder.ts';
import { neededRecordings } from '../scenario-files.ts';

const MAX_NAMED = 5;

/** Makes a scenario, by the options or by asking. Nothing is written unless the whole of it can be used. */
export async function runCreateScenario(
  context: CommandContext,
  options: CreateScenarioOptions,
): Promise<undefined> {
  const { messages, terminal, json } = context;
  const texts = messages.createScenario;
  const config = loadConfig(context.environment);
  const isAsked = !isAnswered(options);
  if (isAsked && (json || context.stdin.isTTY !== true || terminal.stdout.isTTY !== true)) {
    throw new OperatorError('no_terminal', texts.noTerminal);
  }
  const { plan, id } = await (isAsked ? asked(context, config, options) : given(context, config, options));
  const result = usable(context, made(config, { plan, id }));
  const otherWords = await saidOtherwise(context, config, result.scenario);
  const file = path.join(config.scenarios.dir, `${id}.json`);
  const content = `${JSON.stringify(result.file, null, 2)}\n`;
  if (!options.dryRun) await save(context, file, content, options.force);
  const recordings = await recordingsFor(config, result.scenario);
  if (json) {
    const written = !options.dryRun;
    const { file: scenario, warnings } = result;
    terminal.printJson({ ...{ id, file, written, scenario, warnings, otherWords, recordings } });
    return undefined;
  }
  if (options.dryRun) terminal.stdout.write(content);
  else if (!isAsked) terminal.printLine(summary(context, result));
  for (const warning of result.warnings) {
    terminal.printWarning(messages.warningLabel, describeFault(warning));
  }
  for (const warning of otherWords) terminal.printWarning(messages.warningLabel, warning);
  terminal.printLine(options.dryRun ? texts.wouldSave(file) : texts.saved(file));
  printRecordings(context, result.scenario, recordings);
  terminal.printNote(texts.rehearse(id));
  return undefined;
}

/** By the options and the JSON. Throws an `OperatorError` that names what is missing. */
async function given(
  context: CommandContext,
  config: Config,
  options: CreateScenarioOptions,
): Promise<Pick<Draft, 'plan' | 'id'>> {
  const texts = context.messages.createScenario;
  const read = readPlan({ voice: config.audio.defaultVoice, ...(await planGiven(context, options)) });
  if (!read.ok) throw new OperatorError('plan_invalid', texts.badPlan(read.faults));
  const { plan } = read;
  const themes = await listObjectionThemes(config.objections.dir);
  if (!themes.includes(plan.theme)) {
    throw new OperatorError('theme_unknown', texts.unknownTheme(plan.theme, themes.join(', ')));
  }
  const id = options.id?.replace(/\.json$/, '') ?? idFor(plan.name);
  if (!SCENARIO_ID.test(id)) throw new OperatorError('SCENARIO_ID_INVALID', texts.badId(id));
  const isTaken = (await listScenarioIds(config.scenarios.dir)).includes(id);
  if (isTaken && !options.force) {
    throw new OperatorError('file_exists', texts.taken(path.join(config.scenarios.dir, `${id}.json`)));
  }
  return { plan, id };
}

/** By asking, with what the options say as proposals. */
async function asked(
  context: CommandContext,
  config: Config,
  options: CreateScenarioOptions,
): Promise<Pick<Draft, 'plan' | 'id'>> {
  const { messages, terminal, signal } = context;
  const texts = messages.createScenario;
  const transcriber = openTranscriber(context, config);
  const asker = clackAsker({ input: context.stdin, output: process.stdout }, { messages, signal });
  try {
    const world = await openWorld(context, config, { transcriber, mayReplace: options.force });
    const plan: ScenarioPlan = {
      ...{ name: '', description: '', voice: config.audio.defaultVoice, theme: STANDARD_THEME },
      ...{ max_autonomous_turns: 3, barge_in: true, retry: 'own', questions: [] },
      ...{ recording_notice: false, goodbye: {} },
      ...(settingsGiven(options) as Partial<ScenarioPlan>),
    };
    const isNewVoice = !world.voices.some(({ name }) => name === plan.voice);
    terminal.printHeading(texts.title);
    terminal.printNote(texts.keys);
    const draft = await askForPlan(
      { plan, isNewVoice, count: 3, changed: [], id: options.id ?? '' },
      { asker, messages, world },
    );
    if (draft === null) throw new OperatorError('cancelled', texts.cancelled);
    return draft;
  } finally {
    asker.close();
    await transcriber.close();
  }
}

function usable({ messages }: CommandContext, result: Made): Extract<Made, { ok: true }> {
  if (result.ok) return result;
  const texts = messages.createScenario;
  if (result.untold.length > 0) {
    throw new OperatorError(
      'scenario_untold',
      texts.untold(result.untold.map((what) => texts.mustSay[what])),
    );
  }
  throw new OperatorError('plan_invalid', texts.badPlan(result.faults));
}

async function save(
  { messages }: CommandContext,
  file: string,
  content: string,
  mayReplace: boolean,
): Promise<void> {
  await writeAtomically(file, Buffer.from(content), { mayReplace }).catch((error: unknown) => {
    if (!(error instanceof OperatorError && error.code === 'file_exists')) throw error;
    throw new OperatorError('file_exists', messages.createScenario.taken(file), { cause: error });
  });
}

/** A recording says one thing only: where another scenario plays it for other words, one of the two is wrong. */
async function saidOtherwise(
  { messages }: CommandContext,
  config: Config,
  scenario: Scenario,
): Promise<string[]> {
  const known = await knownWords(config);
  return promptsOf(scenario).flatMap(({ audioPath, text }) => {
    const other = known.get(audioPath);
    if (other === undefined || other.text === text || other.scenario === scenario.id) return [];
    return [messages.createScenario.saidOtherwise(audioPath, other.scenario, other.text)];
  });
}

interface NeededRecordings {
  needed: number;
  /** Nobody made them. */
  missing: string[];
  /** Made, and not where the switch plays them. */
  unprepared: string[];
}

async function recordingsFor(config: Config, scenario: Scenario): Promise<NeededRecordings> {
  const needed = await neededRecordings(config, scenario);
  const played = switchRecordings(config);
  const made = sourceRecordings(config);
  const lacking = needed.filter((audioPath) => played?.exists(audioPath) !== true);
  const isMade = (audioPath: string): boolean => made?.exists(audioPath) === true;
  return {
    needed: needed.length,
    missing: lacking.filter((audioPath) => !isMade(audioPath)),
    unprepared: played === null ? [] : lacking.filter(isMade),
  };
}

function printRecordings(
  { messages, terminal }: CommandContext,
  { id, voice }: Scenario,
  { needed, missing, unprepared }: NeededRecordings,
): void {
  const texts = messages.createScenario;
  const number = (value: number): string => formatNumber(value, messages);
  if (missing.length === 0 && unprepared.length === 0) {
    terminal.printLine(texts.complete);
    return;
  }
  if (missing.length > 0) {
    const more = missing.length - MAX_NAMED;
    const names = [
      ...missing.slice(0, MAX_NAMED),
      ...(more > 0 ? [messages.audio.setup.more(number(more))] : []),
    ].join(', ');
    terminal.printWarning(
      messages.warningLabel,
      texts.unrecorded(number(missing.length), number(needed), names),
    );
    terminal.printNote(texts.draftThem(voice, id));
  }
  if (unprepared.length > 0) terminal.printNote(texts.unprepared(number(unprepared.length), voice));
}
