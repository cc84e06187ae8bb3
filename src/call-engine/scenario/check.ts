import type { Intent } from '../intent/intents.ts';
import { REQUIRED_DISCLOSURES, type Disclosure } from '../ports.ts';
import { disclosedBy } from './disclosure.ts';
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
  /** `strict`: a scenario that does not say who calls is an error; otherwise a warning (`DISCLOSURE_CHECK`). */
  disclosure?: 'strict' | 'warn';
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
    ...disclosure(scenario, reachable, options.disclosure === 'strict' ? 'error' : 'warning'),
    ...steps.flatMap(texts),
    ...voicemailText(scenario),
    ...(options.audioExists === undefined ? [] : missingAudio(scenario, options.audioExists)),
  ];
}

/** What a step may lead to, with the field that says so. */
export function edgesOf(step: Step): { field: string; target: string }[] {
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

const MUST_SAY: Readonly<Record<Disclosure, string>> = {
  automated: 'that an automated system is calling ("ceci est un appel automatisé")',
  caller: 'for whom ("ici …", "de la part de …")',
  opposition: 'how to object ("vous pouvez demander à ne plus être appelé")',
  recording: 'that the call is recorded ("cet appel est enregistré")',
};

/** Whoever is called must be told that a system calls, for whom and how to object, before anything is asked of them. */
function disclosure(
  scenario: Scenario,
  reachable: ReadonlySet<string>,
  level: ScenarioProblem['level'],
): ScenarioProblem[] {
  const steps = [...scenario.steps.values()].filter(
    (step): step is AudioStep => step.type === 'audio' && reachable.has(step.id),
  );
  const untrue = steps.flatMap((step) => {
    const said = disclosedBy(step.text);
    return step.discloses
      .filter((what) => !said.includes(what))
      .map((what) =>
        problem(level, step.id, 'discloses', `claims "${what}", but its text does not say ${MUST_SAY[what]}`),
      );
  });
  const told = new Set(steps.flatMap(({ discloses }) => discloses));
  const atFirst = new Set(openingSteps(scenario).flatMap(({ discloses }) => discloses));
  const missing = REQUIRED_DISCLOSURES.filter((what) => !told.has(what)).map((what) =>
    problem(
      level,
      null,
      'steps',
      `no step has "${what}" in "discloses": people must be told ${MUST_SAY[what]}`,
    ),
  );
  const late = REQUIRED_DISCLOSURES.filter((what) => told.has(what) && !atFirst.has(what)).map((what) =>
    problem('warning', null, 'steps', `something is asked before people are told ${MUST_SAY[what]}`),
  );
  return [...untrue, ...missing, ...late];
}

/** What everybody hears first: the steps up to the first that listens. */
function openingSteps(scenario: Scenario): AudioStep[] {
  const opening: AudioStep[] = [];
  for (let step = scenario.steps.get(scenario.startStepId); step?.type === 'audio';) {
    if (opening.includes(step)) break;
    opening.push(step);
    if (step.timeoutMs > 0 || step.isFinal) break;
    const targets = Object.values(step.transitions);
    step = scenario.steps.get(step.transitions['*'] ?? (targets.length === 1 ? (targets[0] ?? '') : ''));
  }
  return opening;
}

function texts(step: Step): ScenarioProblem[] {
  if (step.type !== 'audio') return [];
  return unknownVariables(step.text).map((name) =>
    warning(step, 'text', `names the unknown variable {{${name}}}; it is left out`),
  );
}

function voicemailText({ voicemailMessage }: Scenario): ScenarioProblem[] {
  return unknownVariables(voicemailMessage?.text ?? '').map((name) =>
    problem('warning', null, 'voicemail.text', `names the unknown variable {{${name}}}; it is left out`),
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
  const { voicemailMessage } = scenario;
  const ofVoicemail =
    voicemailMessage === null || audioExists(voicemailMessage.audioPath)
      ? []
      : [
          problem(
            'error',
            null,
            'voicemail.audio_path',
            `the recording ${voicemailMessage.audioPath} does not exist`,
          ),
        ];
  return [...ofSteps, ...ofBuiltins, ...ofVoicemail];
}

/** `startId` and every step that can follow it. A handler without `success_step` leads back to who entered it. */
export function reachableFrom(scenario: Scenario, startId: string): Set<string> {
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
