import { OperatorError } from '../../errors.ts';
import { listNames, readNamed, type DataKind } from '../data-directory.ts';
import { checkScenario, type CheckOptions } from './check.ts';
import {
  parseScenario,
  SCENARIO_ID,
  type Scenario,
  type ScenarioDefaults,
  type ScenarioFault,
} from './schema.ts';

const SCENARIOS: DataKind = {
  what: 'scenario',
  codePrefix: 'SCENARIO',
  name: SCENARIO_ID,
  maxCharacters: 1_000_000,
};

/**
 * Reads `<directory>/<id>.json` and makes sure that a call can walk it. Throws an `OperatorError` that names every step
 * and field at fault. Warnings and audio are `checkScenario`'s business.
 */
export async function loadScenario(
  directory: string,
  id: string,
  defaults: ScenarioDefaults,
  checks: CheckOptions = {},
): Promise<Scenario> {
  const scenario = await readScenario(directory, id, defaults);
  const errors = checkScenario(scenario, checks).filter((problem) => problem.level === 'error');
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
export function listScenarioIds(directory: string): Promise<string[]> {
  return listNames(SCENARIOS, directory);
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
  if (!SCENARIO_ID.test(id)) {
    throw new OperatorError(
      'SCENARIO_ID_INVALID',
      `"${id.slice(0, 80)}" is no scenario name: give the name of a file in ${directory} without .json (letters, digits, _ and -)`,
    );
  }
  return readNamed(SCENARIOS, directory, id);
}

function invalid(id: string, faults: ScenarioFault[]): OperatorError {
  const [first, ...others] = faults.map(describeFault);
  const list = others.length === 0 ? ` ${first ?? ''}` : ['', first, ...others].join('\n  - ');
  return new OperatorError('SCENARIO_INVALID', `scenario "${id}" cannot be used:${list}`);
}
