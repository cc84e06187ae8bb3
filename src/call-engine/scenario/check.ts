import type { Intent } from '../intent/intents.ts';
import {
  BUILTIN_NAMES,
  type AudioStep,
  type ObjectionHandlerStep,
  type Scenario,
  type ScenarioFault,
  type Step,
} from './schema.ts';
import { unknownVariables } from './template.ts';

/** An `error` makes the scenario unusable; a `warning` is for its author to judge. */
export interface ScenarioProblem extends ScenarioFault {
  level: 'error' | 'warning';
}

export interface CheckOptions {
  /** Whether a recording exists below the sounds directory; without it audio is not looked at. */
  audioExists?: (audioPath: string) => boolean;
}

/** Everything that is or may be wrong with where a scenario leads, what it plays and how it treats people. */
export function checkScenario(scenario: Scenario, options: CheckOptions = {}): ScenarioProblem[] {
  const steps = [...scenario.steps.values()];
  const reachable = reachableFrom(scenario, scenario.startStepId);
  return [
    ...steps.flatMap((step) => unknownTargets(scenario, step)),
    ...steps.flatMap(deadEnds),
    ...endings(scenario, reachable),
    ...steps.flatMap((step) => (reachable.has(step.id) ? [] : [unreachable(step)])),
    ...steps.flatMap((step) => exitsOf(scenario, step)),
    ...disclosure(steps, reachable),
    ...steps.flatMap(texts),
    ...(options.audioExists === undefined ? [] : missingAudio(scenario, options.audioExists)),
  ];
}

/** What a step may lead to, with the field that says so. */
function edgesOf(step: Step): { field: string; target: string }[] {
  const edges = Object.entries(step.transitions).map(([intent, target]) => ({
    field: `transitions.${intent}`,
    target,
  }));
  if (step.type === 'audio') return edges;
  if (step.fallbackStepId !== null) edges.push({ field: 'fallback_step', target: step.fallbackStepId });
  if (step.successStepId !== null) edges.push({ field: 'success_step', target: step.successStepId });
  return edges;
}

function unknownTargets(scenario: Scenario, step: Step): ScenarioProblem[] {
  return edgesOf(step)
    .filter(({ target }) => !scenario.steps.has(target))
    .map(({ field, target }) =>
      error(step, field, `leads to "${target}", which is no step of this scenario`),
    );
}

function deadEnds(step: Step): ScenarioProblem[] {
  if (step.type !== 'audio' || step.isFinal) return [];
  const ways = Object.keys(step.transitions);
  if (ways.length === 0) {
    return [error(step, 'transitions', 'is missing: nothing follows this step, and it is not final')];
  }
  if (step.timeoutMs === 0 && ways.length > 1 && step.transitions['*'] === undefined) {
    return [
      error(step, 'transitions', 'needs "*": the step does not listen (timeout 0), so no answer can choose'),
    ];
  }
  return [];
}

function endings(scenario: Scenario, reachable: ReadonlySet<string>): ScenarioProblem[] {
  if (![...reachable].some((id) => isFinal(scenario.steps.get(id)))) {
    return [
      problem('error', null, 'steps', 'no final step can be reached: the call would not come to an end'),
    ];
  }
  return [...reachable].flatMap((id) => {
    const step = scenario.steps.get(id);
    if (step === undefined || edgesOf(step).length === 0) return [];
    const canEnd = [...reachableFrom(scenario, id)].some((other) => isFinal(scenario.steps.get(other)));
    return canEnd ? [] : [error(step, 'transitions', 'starts a loop without exit: no final step follows')];
  });
}

function unreachable(step: Step): ScenarioProblem {
  return warning(step, null, 'is never reached from the first step');
}

function exitsOf(scenario: Scenario, step: Step): ScenarioProblem[] {
  if (step.type === 'objection_handler') return exitsOfHandler(scenario, step);
  if (step.isFinal) {
    const isIdle = Object.keys(step.transitions).length > 0;
    return isIdle ? [warning(step, 'transitions', 'has no effect on a final step')] : [];
  }
  if (step.timeoutMs === 0) return [];
  return [...unheard(step), ...refusals(scenario, step), ...optOuts(scenario, step)];
}

function exitsOfHandler(scenario: Scenario, step: ObjectionHandlerStep): ScenarioProblem[] {
  return [
    ...(step.fallbackStepId === null
      ? [warning(step, 'fallback_step', 'is missing: when no answer helps, the call ends without a goodbye')]
      : []),
    ...(scenario.maxAutonomousTurns === 0
      ? [warning(step, null, 'never answers an objection: max_autonomous_turns is 0')]
      : []),
  ];
}

function unheard(step: AudioStep): ScenarioProblem[] {
  if (step.transitions['*'] !== undefined) return [];
  const exits: Intent[] = ['silence', 'not_understood'];
  return exits
    .filter((intent) => step.transitions[intent] === undefined)
    .map((intent) =>
      warning(step, `transitions.${intent}`, 'is missing: the step is asked again twice, then the call ends'),
    );
}

function refusals(scenario: Scenario, step: AudioStep): ScenarioProblem[] {
  const target = step.transitions.deny ?? (step.isDeterminant ? undefined : step.transitions['*']);
  if (target === undefined) {
    return [warning(step, 'transitions.deny', 'is missing: a refusal ends the call without a goodbye')];
  }
  const next = scenario.steps.get(target);
  return next?.type === 'audio' && next.isFinal && next.result === 'success'
    ? [warning(step, 'transitions.deny', `leads to "${target}": a refusal would count as a success`)]
    : [];
}

function optOuts(scenario: Scenario, step: AudioStep): ScenarioProblem[] {
  const target = step.transitions.opt_out;
  if (target === undefined || isFinal(scenario.steps.get(target))) return [];
  return [
    warning(
      step,
      'transitions.opt_out',
      `leads to "${target}", which is not final: the call ends there all the same`,
    ),
  ];
}

function disclosure(steps: Step[], reachable: ReadonlySet<string>): ScenarioProblem[] {
  const discloses = steps.some((step) => step.type === 'audio' && step.disclosure && reachable.has(step.id));
  if (discloses) return [];
  const message =
    'no step is marked "disclosure": true: the person called must be told that an automated system is calling';
  return [problem('warning', null, 'steps', message)];
}

function texts(step: Step): ScenarioProblem[] {
  if (step.type !== 'audio') return [];
  return unknownVariables(step.text).map((name) =>
    warning(step, 'text', `names the unknown variable {{${name}}}; it is left out`),
  );
}

function missingAudio(scenario: Scenario, audioExists: (audioPath: string) => boolean): ScenarioProblem[] {
  const ofSteps = [...scenario.steps.values()].flatMap((step) =>
    step.type === 'audio' && !audioExists(step.audioPath)
      ? [error(step, 'audio_path', `the recording ${step.audioPath} does not exist`)]
      : [],
  );
  const ofBuiltins = BUILTIN_NAMES.flatMap((name) => {
    const { audioPath } = scenario.builtins[name];
    return audioExists(audioPath)
      ? []
      : [problem('error', null, `builtins.${name}`, `the recording ${audioPath} does not exist`)];
  });
  return [...ofSteps, ...ofBuiltins];
}

/** `startId` and every step that can follow it. A handler without `success_step` leads back to who entered it. */
function reachableFrom(scenario: Scenario, startId: string): Set<string> {
  const seen = new Set<string>();
  const open = [startId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = scenario.steps.get(id);
    if (step === undefined || seen.has(id)) continue;
    seen.add(id);
    open.push(...edgesOf(step).map(({ target }) => target));
  }
  return seen;
}

function isFinal(step: Step | undefined): boolean {
  return step?.type === 'audio' && step.isFinal;
}

function error(step: Step, field: string | null, message: string): ScenarioProblem {
  return problem('error', step.id, field, message);
}

function warning(step: Step, field: string | null, message: string): ScenarioProblem {
  return problem('warning', step.id, field, message);
}

function problem(
  level: ScenarioProblem['level'],
  step: string | null,
  field: string | null,
  message: string,
): ScenarioProblem {
  return { level, step, field, message };
}
