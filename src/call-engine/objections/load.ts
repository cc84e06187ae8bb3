import path from 'node:path';
import type { z } from 'zod';
import { OperatorError } from '../../errors.ts';
import { listNames, readNamed, type DataKind } from '../data-directory.ts';
import { objectionThemeFile, THEME_NAME, type ObjectionTheme } from './schema.ts';

/** The theme that every scenario has beside its own. */
export const STANDARD_THEME = 'standard';

const THEMES: DataKind = {
  what: 'objection theme',
  codePrefix: 'OBJECTIONS',
  name: THEME_NAME,
  maxCharacters: 2_000_000,
};
const MAX_FAULTS_SHOWN = 10;

/**
 * The themes that a scenario answers from: its own, then the standard one. Throws an `OperatorError` that names the
 * file and the field at fault.
 */
export async function loadObjectionThemes(options: {
  directory: string;
  theme: string;
}): Promise<ObjectionTheme[]> {
  const names = [...new Set([options.theme, STANDARD_THEME])];
  return Promise.all(names.map((name) => loadObjectionTheme(options.directory, name)));
}

/** Reads `<directory>/<name>.json`. */
export async function loadObjectionTheme(directory: string, name: string): Promise<ObjectionTheme> {
  if (!THEME_NAME.test(name)) {
    throw new OperatorError(
      'OBJECTIONS_NAME_INVALID',
      `"${name.slice(0, 80)}" is no objection theme: give the name of a file in ${directory} without .json (lower-case letters, digits, _ and -)`,
    );
  }
  const file = path.join(directory, `${name}.json`);
  const parsed = objectionThemeFile.safeParse(await readNamed(THEMES, directory, name));
  if (!parsed.success) throw invalid(file, parsed.error.issues);
  if (parsed.data.theme !== name) {
    throw new OperatorError(
      'OBJECTIONS_INVALID',
      `objection theme ${file}: field "theme" says "${parsed.data.theme}", but the file is called ${name}.json: make them the same`,
    );
  }
  return parsed.data;
}

/** Names of the themes in a directory, in alphabetical order; none where there is no such directory. */
export function listObjectionThemes(directory: string): Promise<string[]> {
  return listNames(THEMES, directory);
}

function invalid(file: string, issues: readonly z.core.$ZodIssue[]): OperatorError {
  const faults = issues
    .slice(0, MAX_FAULTS_SHOWN)
    .map((issue) =>
      issue.path.length === 0 ? issue.message : `field "${fieldName(issue.path)}": ${issue.message}`,
    );
  const more = issues.length > faults.length ? [`and ${issues.length - faults.length} more`] : [];
  return new OperatorError(
    'OBJECTIONS_INVALID',
    `objection theme ${file} cannot be used: ${[...faults, ...more].join('; ')}`,
  );
}

/** `objections[3].audio_file` */
function fieldName(at: readonly PropertyKey[]): string {
  return at
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}
