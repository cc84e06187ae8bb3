import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '../../errors.ts';
import { checkScenario } from './check.ts';
import { parseScenario, type Scenario, type ScenarioDefaults, type ScenarioFault } from './schema.ts';

const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const MAX_FILE_BYTES = 1_000_000;

/**
 * Reads `<directory>/<id>.json` and makes sure that a call can walk it. Throws an `OperatorError` that names every step
 * and field at fault. Warnings and audio are `checkScenario`'s business.
 */
export async function loadScenario(
  directory: string,
  id: string,
  defaults: ScenarioDefaults,
): Promise<Scenario> {
  const scenario = await readScenario(directory, id, defaults);
  const errors = checkScenario(scenario).filter((problem) => problem.level === 'error');
  if (errors.length > 0) throw invalid(id, errors);
  return scenario;
}

/** Like `loadScenario` for a tool that shows all problems itself: only what cannot be read at all throws. */
export async function readScenario(
  directory: string,
  id: string,
  defaults: ScenarioDefaults,
): Promise<Scenario> {
  const parsed = parseScenario(id, await readJson(directory, id), defaults);
  if (!parsed.ok) throw invalid(id, parsed.faults);
  return parsed.scenario;
}

/** Ids of the scenarios in a directory, in alphabetical order; none where there is no such directory. */
export async function listScenarioIds(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter((id) => ID.test(id))
    .sort();
}

/** `step "hello", field "timeout": must be …` */
export function describeFault(fault: ScenarioFault): string {
  const place = [
    ...(fault.step === null ? [] : [`step "${fault.step}"`]),
    ...(fault.field === null ? [] : [`field "${fault.field}"`]),
  ].join(', ');
  return place === '' ? fault.message : `${place}: ${fault.message}`;
}

async function readJson(directory: string, id: string): Promise<unknown> {
  if (!ID.test(id)) {
    throw new OperatorError(
      'SCENARIO_ID_INVALID',
      `"${id.slice(0, 80)}" is no scenario name: give the name of a file in ${directory} without .json (letters, digits, _ and -)`,
    );
  }
  const file = path.join(directory, `${id}.json`);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) {
      throw new OperatorError('SCENARIO_UNREADABLE', `scenario ${file} cannot be read`, { cause: error });
    }
    const known = await listScenarioIds(directory);
    const hint = known.length === 0 ? `${directory} holds none` : `there are: ${known.join(', ')}`;
    throw new OperatorError('SCENARIO_NOT_FOUND', `scenario ${file} does not exist; ${hint}`, {
      cause: error,
    });
  }
  if (text.length > MAX_FILE_BYTES) {
    throw new OperatorError(
      'SCENARIO_UNREADABLE',
      `scenario ${file} is larger than ${MAX_FILE_BYTES} characters`,
    );
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = error instanceof Error ? error.message : '';
    throw new OperatorError('SCENARIO_UNREADABLE', `scenario ${file} is no valid JSON: ${detail}`, {
      cause: error,
    });
  }
}

function invalid(id: string, faults: ScenarioFault[]): OperatorError {
  const [first, ...others] = faults.map(describeFault);
  const list = others.length === 0 ? ` ${first ?? ''}` : ['', first, ...others].join('\n  - ');
  return new OperatorError('SCENARIO_INVALID', `scenario "${id}" cannot be used:${list}`);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
