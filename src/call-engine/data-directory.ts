import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '../errors.ts';

/** A kind of JSON file that operators write, one per name, all in one directory. */
export interface DataKind {
  /** For messages, e.g. `scenario`. */
  what: string;
  /** Of the error codes: `<prefix>_UNREADABLE`, `<prefix>_NOT_FOUND`. */
  codePrefix: string;
  /** What a name without `.json` may look like. */
  name: RegExp;
  maxCharacters: number;
}

/** Names in a directory, in alphabetical order; none where there is no such directory. */
export async function listNames(kind: DataKind, directory: string): Promise<string[]> {
  const files = await readdir(directory).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .filter((name) => kind.name.test(name))
    .sort();
}

/** The JSON value of `<directory>/<name>.json`; the name has been checked. Throws an `OperatorError` that names the file. */
export async function readNamed(kind: DataKind, directory: string, name: string): Promise<unknown> {
  const { what, codePrefix, maxCharacters } = kind;
  const file = path.join(directory, `${name}.json`);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!isMissing(error)) {
      throw new OperatorError(`${codePrefix}_UNREADABLE`, `${what} ${file} cannot be read`, { cause: error });
    }
    const known = await listNames(kind, directory);
    const hint = known.length === 0 ? `${directory} holds none` : `there are: ${known.join(', ')}`;
    throw new OperatorError(`${codePrefix}_NOT_FOUND`, `${what} ${file} does not exist; ${hint}`, {
      cause: error,
    });
  }
  if (text.length > maxCharacters) {
    throw new OperatorError(
      `${codePrefix}_UNREADABLE`,
      `${what} ${file} is larger than ${maxCharacters} characters`,
    );
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = error instanceof Error ? error.message : '';
    throw new OperatorError(`${codePrefix}_UNREADABLE`, `${what} ${file} is no valid JSON: ${detail}`, {
      cause: error,
    });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
