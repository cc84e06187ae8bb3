import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Objection, ObjectionTheme } from '../call-engine/objections/schema.ts';
import type { Scenario } from '../call-engine/scenario/schema.ts';
import { OperatorError } from '../errors.ts';
import { promptsOf } from '../voices/needed-recordings.ts';

const MAX_NAMED = 10;

/**
 * Makes sure that a call of this scenario has something to say. Throws an `OperatorError` that names the prompts whose
 * recordings are not there; returns the objections whose answer nobody recorded, each with its file. Nothing is looked at
 * when the sounds directory is not on this machine, because the switch is another one.
 */
export async function checkRecordings(options: {
  soundsDir: string;
  scenario: Scenario;
  themes: readonly ObjectionTheme[];
}): Promise<Map<Objection, string>> {
  const { soundsDir, scenario, themes } = options;
  if (!(await isDirectory(soundsDir))) return new Map();

  const missingPrompts = await missingOf(
    soundsDir,
    promptsOf(scenario).map(({ audioPath }) => audioPath),
  );
  if (missingPrompts.length > 0) throw missingError(soundsDir, scenario.id, missingPrompts);

  const answers = themes.flatMap(({ objections }) =>
    objections.map((objection): [Objection, string] => [
      objection,
      `${scenario.voice}/objections/${objection.audioFile}`,
    ]),
  );
  const missing = new Set(
    await missingOf(
      soundsDir,
      answers.map(([, file]) => file),
    ),
  );
  return new Map(answers.filter(([, file]) => missing.has(file)));
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
