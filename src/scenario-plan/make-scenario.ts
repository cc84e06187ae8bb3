import type { Disclosure } from '../call-engine/ports.ts';
import { checkScenario, type CheckOptions, type ScenarioProblem } from '../call-engine/scenario/check.ts';
import { describeFault } from '../call-engine/scenario/load.ts';
import { parseScenario, type Scenario, type ScenarioDefaults } from '../call-engine/scenario/schema.ts';
import { buildScenario, type MadeScenario } from './build.ts';
import { openingOf } from './opening.ts';
import type { ScenarioPlan } from './plan.ts';

export type Made =
  | { ok: true; file: MadeScenario; scenario: Scenario; warnings: ScenarioProblem[] }
  /** People would not be told who calls, or a step leads nowhere. */
  | { ok: false; untold: Disclosure[]; faults: string[] };

/** The scenario of a plan, checked as `scenario validate` checks it; recordings are looked at by whoever saves it. */
export function makeScenario(
  id: string,
  plan: ScenarioPlan,
  { defaults, checks }: { defaults: ScenarioDefaults; checks: CheckOptions },
): Made {
  const { missing } = openingOf(plan);
  if (missing.length > 0) return { ok: false, untold: missing, faults: [] };
  const file = buildScenario(plan);
  const parsed = parseScenario(id, file, defaults);
  if (!parsed.ok) return { ok: false, untold: [], faults: parsed.faults.map(describeFault) };
  const problems = checkScenario(parsed.scenario, checks);
  const errors = problems.filter(({ level }) => level === 'error');
  if (errors.length > 0) return { ok: false, untold: [], faults: errors.map(describeFault) };
  return { ok: true, file, scenario: parsed.scenario, warnings: problems };
}
