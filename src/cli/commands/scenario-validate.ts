import { loadObjectionThemes } from '../../call-engine/objections/load.ts';
import { checkScenario, type ScenarioProblem } from '../../call-engine/scenario/check.ts';
import { describeFault, listScenarioIds, readScenario } from '../../call-engine/scenario/load.ts';
import type { Scenario } from '../../call-engine/scenario/schema.ts';
import { loadConfig, type Config } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import type { CommandContext } from '../command-context.ts';
import { formatNumber } from '../format.ts';
import {
  draftsAmong,
  sourceRecordings,
  switchRecordings,
  type RecordingsFolder,
} from '../../voices/recordings-folder.ts';
import { EXIT } from '../run-command.ts';
import { neededRecordings, scenarioDefaults } from '../scenario-files.ts';
import { visible } from '../visible.ts';

interface CheckedScenario {
  id: string;
  valid: boolean;
  problems: ScenarioProblem[];
}

/** Checks the scenarios named, or all. Exit status 1 when one of them cannot be used. */
export async function runScenarioValidate(
  context: CommandContext,
  given: readonly string[],
): Promise<number> {
  const { messages, terminal } = context;
  const config = loadConfig(context.environment);
  const recordings = switchRecordings(config) ?? sourceRecordings(config);
  const ids = given.length > 0 ? given : await listScenarioIds(config.scenarios.dir);
  const checked: CheckedScenario[] = [];
  for (const id of ids) checked.push(await check(context, config, recordings, id));
  const isValid = checked.every(({ valid }) => valid);
  if (context.json) {
    terminal.printJson(checked);
    return isValid ? EXIT.ok : EXIT.failed;
  }
  if (recordings === null) {
    const directories = [config.freeswitch.soundsDir, config.audio.sourceDir];
    terminal.printWarning(messages.warningLabel, messages.scenario.recordingsUnseen(directories));
  } else {
    terminal.printNote(messages.scenario.recordingsIn(recordings.directory));
  }
  for (const scenario of checked) print(context, scenario);
  if (checked.length === 0) terminal.printLine(messages.scenario.none(config.scenarios.dir));
  return isValid ? EXIT.ok : EXIT.failed;
}

async function check(
  { messages }: CommandContext,
  config: Config,
  recordings: RecordingsFolder | null,
  id: string,
): Promise<CheckedScenario> {
  try {
    const scenario = await readScenario(config.scenarios.dir, id, scenarioDefaults(config));
    const problems = [
      ...checkScenario(scenario, {
        disclosure: config.compliance.disclosureCheck,
        ...(recordings !== null && { audioExists: recordings.exists }),
      }),
      ...(await objectionProblems(messages, config, recordings, scenario)),
      ...(await draftProblems(messages, config, recordings, scenario)),
    ];
    return { id, valid: problems.every(({ level }) => level !== 'error'), problems };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return {
      id,
      valid: false,
      problems: [{ level: 'error', step: null, field: null, message: error.message }],
    };
  }
}

/** An objection without its recording is not answered. One line for each theme. */
async function objectionProblems(
  messages: CommandContext['messages'],
  { objections }: Config,
  recordings: RecordingsFolder | null,
  { theme, voice }: Scenario,
): Promise<ScenarioProblem[]> {
  const themes = await loadObjectionThemes({ directory: objections.dir, theme });
  if (recordings === null || !objections.usePrerecorded) return [];
  return themes.flatMap(({ theme: name, objections: entries }) => {
    const files = entries.map(({ audioFile }) => `${voice}/objections/${audioFile}`);
    const missing = files.filter((file) => !recordings.exists(file));
    const [example] = missing;
    if (example === undefined) return [];
    const message = messages.scenario.objectionAudio(name, missing.length, files.length, example);
    return [{ level: 'error', step: null, field: null, message }];
  });
}

/** What a machine speaks is for rehearsals, not for people. */
async function draftProblems(
  messages: CommandContext['messages'],
  config: Config,
  recordings: RecordingsFolder | null,
  scenario: Scenario,
): Promise<ScenarioProblem[]> {
  if (recordings === null) return [];
  const needed = await neededRecordings(config, scenario);
  const drafts = await draftsAmong(recordings, needed);
  const [example] = drafts;
  if (example === undefined) return [];
  const [count = '', total = ''] = [drafts, needed].map(({ length }) => formatNumber(length, messages));
  const message = messages.audio.drafts.stillDrafts(count, total, example);
  return [{ level: 'warning', step: null, field: null, message }];
}

function print({ messages, terminal }: CommandContext, { id, valid, problems }: CheckedScenario): void {
  const { colors } = terminal;
  const { scenario: texts } = messages;
  const verdict = valid
    ? colors.green(`✔ ${visible(texts.valid(id))}`)
    : colors.red(`✘ ${visible(texts.invalid(id))}`);
  terminal.print(verdict);
  for (const problem of problems) {
    const paint = problem.level === 'error' ? colors.red : colors.yellow;
    terminal.print(`   ${paint(texts.levels[problem.level])}  ${visible(describeFault(problem))}`);
  }
}
