import { listScenarioIds, readScenario } from '../../call-engine/scenario/load.ts';
import { loadObjectionThemes } from '../../call-engine/objections/load.ts';
import type { Scenario } from '../../call-engine/scenario/schema.ts';
import type { Config } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import { findFfmpeg } from '../../voices/ffmpeg.ts';
import { answersOf, promptsOf } from '../../voices/needed-recordings.ts';
import { draftsAmong, switchRecordings, type RecordingsFolder } from '../../voices/recordings-folder.ts';
import type { Check, CheckContext } from '../check.ts';
import { finding, type Finding } from '../findings.ts';

/** What the scenarios play: there, and spoken by people. */
export const checkAudio: Check = async (context) => {
  const { config } = context;
  const recordings = switchRecordings(config);
  const found =
    recordings === null
      ? [finding('recordings_unseen', { directory: config.freeswitch.soundsDir })]
      : await look(config, recordings);
  return [...found, ...(await ffmpegFindings(context))];
};

async function look(config: Config, recordings: RecordingsFolder): Promise<Finding[]> {
  const scenarios = await readableScenarios(config);
  const needed = await Promise.all(scenarios.map((scenario) => neededBy(config, scenario)));
  const problems: Finding[] = [];
  for (const each of needed) problems.push(...(await problemsOf(each, recordings)));
  const count = new Set(needed.flatMap(({ prompts, answers }) => [...prompts, ...answers])).size;
  const isComplete = !problems.some(({ code }) => code !== 'recordings_draft');
  const { directory } = recordings;
  return isComplete
    ? [finding('recordings_complete', { count, scenarios: scenarios.length, directory }), ...problems]
    : problems;
}

/** Those that cannot be read are another check's. */
async function readableScenarios({ scenarios, audio, timeouts }: Config): Promise<Scenario[]> {
  const ids = await listScenarioIds(scenarios.dir);
  const read = await Promise.all(
    ids.map((id) =>
      readScenario(scenarios.dir, id, {
        voice: audio.defaultVoice,
        listenTimeoutMs: timeouts.listenMs,
      }).catch(nullIfBroken),
    ),
  );
  return read.filter((scenario) => scenario !== null);
}

interface Needed {
  scenario: Scenario;
  prompts: string[];
  /** Of objections. */
  answers: string[];
}

async function neededBy({ objections }: Config, scenario: Scenario): Promise<Needed> {
  const { theme } = scenario;
  const themes = objections.usePrerecorded
    ? ((await loadObjectionThemes({ directory: objections.dir, theme }).catch(nullIfBroken)) ?? [])
    : [];
  const paths = (list: readonly { audioPath: string }[]) => list.map(({ audioPath }) => audioPath);
  return { scenario, prompts: paths(promptsOf(scenario)), answers: paths(answersOf(scenario, themes)) };
}

async function problemsOf(
  { scenario, prompts, answers }: Needed,
  recordings: RecordingsFolder,
): Promise<Finding[]> {
  const absent = (files: readonly string[]) => [...new Set(files)].filter((file) => !recordings.exists(file));
  const drafts = (await draftsAmong(recordings, [...new Set([...prompts, ...answers])])).length;
  const names = { scenario: scenario.id, voice: scenario.voice };
  const [prompt] = absent(prompts);
  const [answer] = absent(answers);
  return [
    ...(prompt === undefined
      ? []
      : [finding('recordings_missing', { ...names, missing: absent(prompts).length, example: prompt })]),
    ...(answer === undefined
      ? []
      : [finding('answers_missing', { ...names, missing: absent(answers).length, example: answer })]),
    ...(drafts === 0 ? [] : [finding('recordings_draft', { ...names, drafts })]),
  ];
}

async function ffmpegFindings({ environment }: CheckContext): Promise<Finding[]> {
  try {
    await findFfmpeg(environment['PATH'] ?? '');
    return [];
  } catch (error) {
    if (error instanceof OperatorError) return [finding('ffmpeg_missing', {})];
    throw error;
  }
}

function nullIfBroken(error: unknown): null {
  if (error instanceof OperatorError) return null;
  throw error;
}
