import { listScenarioIds, loadScenario } from '../../call-engine/scenario/load.ts';
import { loadObjectionThemes } from '../../call-engine/objections/load.ts';
import type { Config } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import type { Check } from '../check.ts';
import { finding, type Finding } from '../findings.ts';

/** Every scenario, as a launch would take it; recordings are another check's. */
export const checkScenarios: Check = async ({ config }) => {
  const { dir } = config.scenarios;
  const ids = await listScenarioIds(dir);
  if (ids.length === 0) return [finding('scenarios_none', { directory: dir })];
  const broken = await Promise.all(ids.map((id) => brokenFinding(config, id)));
  const usable = ids.filter((_id, index) => broken[index] === null);
  return [
    ...(usable.length === 0
      ? []
      : [finding('scenarios_usable', { count: usable.length, names: usable.join(', ') })]),
    ...broken.filter((each) => each !== null),
  ];
};

async function brokenFinding(config: Config, id: string): Promise<Finding | null> {
  const { scenarios, objections, audio, timeouts, compliance } = config;
  try {
    const { theme } = await loadScenario(
      scenarios.dir,
      id,
      { voice: audio.defaultVoice, listenTimeoutMs: timeouts.listenMs },
      { disclosure: compliance.disclosureCheck },
    );
    await loadObjectionThemes({ directory: objections.dir, theme });
    return null;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return finding('scenario_broken', { scenario: id, detail: firstFault(error.message) });
  }
}

/** `scenario "x" cannot be used:` before its faults says no more than the finding does. */
function firstFault(message: string): string {
  const [head = '', first] = message.split('\n');
  return first === undefined ? head.replace(/^.*? cannot be used: /, '') : first.replace(/^\s*-\s*/, '');
}
