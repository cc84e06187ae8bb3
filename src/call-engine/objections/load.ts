import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { OperatorError } from '../../errors.ts';
import { objectionThemeFile, THEME_NAME, type ObjectionTheme } from './schema.ts';

/** The theme that every scenario has beside its own. */
export const STANDARD_THEME = 'standard';

const MAX_FILE_BYTES = 2_000_000;
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
  const parsed = objectionThemeFile.safeParse(await readJson(directory, file));
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
export async function listObjectionThemes(directory: string): Promise<string[]> {
  const files = await readdir(directory).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .filter((name) => THEME_NAME.test(name))
    .sort();
}

async function readJson(directory: string, file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) {
      throw new OperatorError('OBJECTIONS_UNREADABLE', `objection theme ${file} cannot be read`, {
        cause: error,
      });
    }
    const known = await listObjectionThemes(directory);
    const hint = known.length === 0 ? `${directory} holds none` : `there are: ${known.join(', ')}`;
    throw new OperatorError('OBJECTIONS_NOT_FOUND', `objection theme ${file} does not exist; ${hint}`, {
      cause: error,
    });
  }
  if (text.length > MAX_FILE_BYTES) {
    throw new OperatorError(
      'OBJECTIONS_UNREADABLE',
      `objection theme ${file} is larger than ${MAX_FILE_BYTES} characters`,
    );
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = error instanceof Error ? error.message : '';
    throw new OperatorError('OBJECTIONS_UNREADABLE', `objection theme ${file} is no valid JSON: ${detail}`, {
      cause: error,
    });
  }
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

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
