import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Objection, ObjectionTheme } from '../call-engine/objections/schema.ts';
import type { Scenario } from '../call-engine/scenario/schema.ts';
import { OperatorError } from '../errors.ts';

const MAX_NAMED = 10;

/**
 * Makes sure that a call of this scenario has something to say. Throws an `OperatorError` that names the prompts whose
 * recordings are not there; answers to objections that nobody recorded are left out of the themes. Nothing is looked at
 * when the sounds directory is not on this machine, because the switch is another one.
 */
export async function withRecordings(options: {
  soundsDir: string;
  scenario: Scenario;
  themes: readonly ObjectionTheme[];
}): Promise<{ themes: ObjectionTheme[]; unrecordedAnswers: string[] }> {
  const { soundsDir, scenario, themes } = options;
  if (!(await isDirectory(soundsDir))) return { themes: [...themes], unrecordedAnswers: [] };

  const missingPrompts = await missingOf(soundsDir, promptsOf(scenario));
  if (missingPrompts.length > 0) throw missingError(soundsDir, scenario.id, missingPrompts);

  const answerOf = ({ audioFile }: Objection): string => `${scenario.voice}/objections/${audioFile}`;
  const unrecordedAnswers = await missingOf(
    soundsDir,
    themes.flatMap(({ objections }) => objections.map(answerOf)),
  );
  const unrecorded = new Set(unrecordedAnswers);
  return {
    themes: themes.map((theme) => ({
      ...theme,
      objections: theme.objections.filter((objection) => !unrecorded.has(answerOf(objection))),
    })),
    unrecordedAnswers,
  };
}

function promptsOf(scenario: Scenario): string[] {
  const steps = [...scenario.steps.values()].flatMap((step) =>
    step.type === 'audio' ? [step.audioPath] : [],
  );
  return [...steps, ...Object.values(scenario.builtins).map(({ audioPath }) => audioPath)];
}

async function missingOf(soundsDir: string, recordings: readonly string[]): Promise<string[]> {
  const files = [...new Set(recordings)];
  const found = await Promise.all(files.map((file) => exists(path.join(soundsDir, file))));
  return files.filter((_file, index) => found[index] !== true);
}

function missingError(soundsDir: string, scenarioId: string, missing: readonly string[]): OperatorError {
  const more = missing.length > MAX_NAMED ? ` and ${missing.length - MAX_NAMED} more` : '';
  return new OperatorError(
    'recordings_missing',
    `scenario “${scenarioId}”: ${missing.length} recordings are not in FREESWITCH_SOUNDS_DIR (${soundsDir}): ` +
      `${missing.slice(0, MAX_NAMED).join(', ')}${more}. Put them there, or correct the scenario`,
  );
}

async function isDirectory(directory: string): Promise<boolean> {
  try {
    return (await stat(directory)).isDirectory();
  } catch {
    // Not there, or not for us to see: either way nothing can be looked at.
    return false;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
