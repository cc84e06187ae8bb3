import type { ObjectionMatch } from '../objections/match.ts';
import type { Intent } from '../intent/intents.ts';
import { asksIfRobot, truthfulStep } from './disclosure.ts';
import type { AudioStep, BuiltinName, ObjectionHandlerStep, Scenario } from './schema.ts';

/**
 * The scenario as a pure function: `stepScenario(scenario, state, event) -> { state, commands }`. No clock, no
 * timer, no I/O. The session carries the commands out and feeds back what came of them.
 */
export interface ScenarioState {
  /** Step whose prompt was last ordered, or the objection handler at work; its transitions apply to the next utterance. */
  stepId: string;
  phase: ScenarioPhase;
  /** Steps entered or asked again, whole call. */
  stepsEntered: number;
  /** How often the present step was asked again for want of a transition. */
  repeats: number;
  /** Silences one after the other. */
  silences: number;
  /** Objections answered, whole call. */
  autonomousTurns: number;
  /** Questions without an answer for which the call went on all the same. */
  unansweredQuestions: number;
  /** How often "are you a robot?" was answered. */
  robotAnswers: number;
  /** Not null while an objection handler is at work. */
  visit: HandlerVisit | null;
  /** Not null once the end of the call was ordered. */
  ending: ScenarioEnding | null;
}

/**
 * `idle`: the call has not begun. `listening`: the next utterance decides. `passing`: the end of the prompt leads on.
 * `ending`: the end was ordered; only an opt-out still changes it.
 */
export type ScenarioPhase = 'idle' | 'listening' | 'passing' | 'ending';

export interface HandlerVisit {
  /** Step at which the objection was raised. */
  askingStepId: string;
  /** Objections answered since the handler was entered. */
  attempts: number;
}

/** What the session tells the scenario. */
export type ScenarioEvent =
  | { type: 'call-started' }
  /** The prompt ordered last was heard to its end (not sent when a barge-in cut it: then `utterance` follows). */
  | { type: 'prompt-finished' }
  /** The switch could not play the prompt ordered last. */
  | { type: 'prompt-failed'; detail: string }
  /** A whole turn of the callee, understood. `silence`: nobody spoke within the step's timeout. */
  | Utterance;

export interface Utterance {
  type: 'utterance';
  intent: Intent;
  text: string;
  objection: ObjectionMatch | null;
}

/** What the scenario wants done, in order. */
export type ScenarioCommand =
  | { type: 'play'; prompt: Prompt }
  /** Wait for an utterance once the prompt has ended (with barge-in: from its start on). 0 never occurs. */
  | { type: 'listen'; timeoutMs: number }
  /** Hang up once the prompt ordered before (if any) has ended. */
  | { type: 'end'; ending: ScenarioEnding };

export interface Prompt {
  /** Step shown to people: the step's id, or `objection:<theme>/<id>`, or `builtin:<name>`. */
  label: string;
  /** Relative to the sounds directory. */
  audioPath: string;
  /** What it says, variables not yet filled in. */
  text: string;
  bargeIn: boolean;
}

export interface ScenarioEnding {
  /** Result as published: `success`, `not_interested`, … or what the scenario names. */
  result: string;
  /** Step at which the call ended. */
  stepId: string;
  reason: EndingReason;
}

export type EndingReason =
  | 'final-step'
  | 'no-transition'
  | 'step-limit'
  | 'opt-out'
  | 'callback'
  | 'wrong-number'
  | 'machine'
  | 'prompt-failed';

export interface ScenarioProgress {
  state: ScenarioState;
  commands: ScenarioCommand[];
}

/** However a scenario is drawn, no call walks further than these. */
export const LIMITS = {
  stepsEntered: 30,
  /** A step asked again for want of a transition, in a row. */
  repeats: 2,
  /** Silences in a row after which nobody is there. */
  silences: 4,
  unansweredQuestions: 1,
  robotAnswers: 2,
} as const;

/** "Vous êtes un robot ?" is answered truthfully wherever it is asked, whatever the scenario says. */
export const ROBOT_QUESTION = 'standard/is_robot';
/** "Ça ne m'intéresse pas" is a refusal, whatever it was classified as, and never answered as an objection. */
const REFUSAL = 'standard/not_interested';

export function startState(scenario: Scenario): ScenarioState {
  return {
    stepId: scenario.startStepId,
    phase: 'idle',
    stepsEntered: 0,
    repeats: 0,
    silences: 0,
    autonomousTurns: 0,
    unansweredQuestions: 0,
    robotAnswers: 0,
    visit: null,
    ending: null,
  };
}

/** Never throws, whatever the scenario and the order of events; ends every call within `LIMITS`. */
export function stepScenario(
  scenario: Scenario,
  state: ScenarioState,
  event: ScenarioEvent,
): ScenarioProgress {
  switch (event.type) {
    case 'call-started':
      return state.phase === 'idle' ? enter(scenario, state, state.stepId, null) : stay(state);
    case 'prompt-finished':
      return state.phase === 'passing' ? passOn(scenario, state) : stay(state);
    case 'prompt-failed':
      // An ending already decided stands, also when its goodbye cannot be played.
      return state.ending === null
        ? end(state, 'failed', 'prompt-failed')
        : { state, commands: [{ type: 'end', ending: state.ending }] };
    case 'utterance':
      return onUtterance(scenario, state, event);
  }
}

// ---- what was said ---------------------------------------------------------------------------------------

function onUtterance(scenario: Scenario, before: ScenarioState, said: Utterance): ScenarioProgress {
  if (said.intent === 'opt_out') return optOut(scenario, before);
  if (before.phase === 'idle' || before.phase === 'ending') return stay(before);

  const heard = plainRefusal(said);
  const state = { ...before, silences: heard.intent === 'silence' ? before.silences + 1 : 0 };
  if (state.silences >= LIMITS.silences) return end(state, 'silence', 'no-transition');
  const truth = truthAboutRobot(scenario, heard);
  if (truth !== null && state.robotAnswers < LIMITS.robotAnswers) {
    return reply(scenario, { ...state, robotAnswers: state.robotAnswers + 1 }, truth);
  }

  const step = scenario.steps.get(state.stepId);
  const target = step?.transitions[heard.intent];
  if (target !== undefined) return enter(scenario, state, target, heard);

  switch (heard.intent) {
    case 'wrong_number':
      return acknowledge(scenario, state, 'wrong_number', 'wrong-number');
    case 'callback':
      return acknowledge(scenario, state, 'callback', 'callback');
    case 'machine':
      return end(state, 'answering_machine', 'machine');
    default:
      break;
  }
  if (step?.type === 'objection_handler' && state.visit !== null) {
    return duringVisit(scenario, state, step, state.visit, heard);
  }
  return step?.type === 'audio'
    ? withoutTransition(scenario, state, step, heard)
    : end(state, 'failed', 'no-transition');
}

/** The step names no transition for this intent, and no built-in one applies. */
function withoutTransition(
  scenario: Scenario,
  state: ScenarioState,
  step: AudioStep,
  heard: Utterance,
): ScenarioProgress {
  if (heard.intent === 'deny' && step.isDeterminant) return end(state, 'not_interested', 'no-transition');
  if (isObjecting(heard) && heard.objection !== null && state.autonomousTurns < scenario.maxAutonomousTurns) {
    return reply(scenario, { ...state, autonomousTurns: state.autonomousTurns + 1 }, heard.objection);
  }
  if (step.transitions['*'] !== undefined) return enter(scenario, state, step.transitions['*'], heard);
  if (state.phase === 'passing') return passOn(scenario, state);
  switch (heard.intent) {
    case 'deny':
      return end(state, 'not_interested', 'no-transition');
    case 'silence':
      return askAgain(scenario, state, step, 'silence');
    case 'question':
    case 'objection':
    case 'not_understood':
      return askAgain(scenario, state, step, 'failed');
    default:
      return end(state, 'failed', 'no-transition');
  }
}

/**
 * Honoured at once, in any phase. A step that the scenario names for it lends its recording, but the call ends after
 * it with the result `opt_out` whatever the step says.
 */
function optOut(scenario: Scenario, state: ScenarioState): ScenarioProgress {
  if (state.ending?.reason === 'opt-out') return stay(state);
  const target = scenario.steps.get(scenario.steps.get(state.stepId)?.transitions.opt_out ?? '');
  if (target?.type !== 'audio') return acknowledge(scenario, state, 'opt_out', 'opt-out');
  return playAndEnd({ ...state, stepId: target.id }, promptOf(target), 'opt_out', 'opt-out');
}

function acknowledge(
  scenario: Scenario,
  state: ScenarioState,
  name: BuiltinName,
  reason: EndingReason,
): ScenarioProgress {
  return playAndEnd(state, { label: `builtin:${name}`, ...scenario.builtins[name] }, name, reason);
}

// ---- steps -----------------------------------------------------------------------------------------------

/** `heard` is what led here; null when the end of a prompt did, or when a handler passes the call on. */
function enter(
  scenario: Scenario,
  before: ScenarioState,
  stepId: string,
  heard: Utterance | null,
): ScenarioProgress {
  if (before.stepsEntered >= LIMITS.stepsEntered) return end(before, 'failed', 'step-limit');
  const step = scenario.steps.get(stepId);
  if (step === undefined) return end(before, 'failed', 'no-transition');
  const state = { ...before, stepId, stepsEntered: before.stepsEntered + 1, repeats: 0 };
  if (step.type === 'audio') return ask(state, step);
  const visit = { askingStepId: before.visit?.askingStepId ?? before.stepId, attempts: 0 };
  return heard === null
    ? handled(scenario, state, step, visit)
    : openVisit(scenario, { ...state, visit }, step, visit, heard);
}

/** Plays an audio step and waits for what it waits for. */
function ask(before: ScenarioState, step: AudioStep): ScenarioProgress {
  const state = { ...before, visit: null };
  if (step.isFinal) return playAndEnd(state, promptOf(step), step.result ?? 'failed', 'final-step');
  const play: ScenarioCommand = { type: 'play', prompt: { ...promptOf(step), bargeIn: step.bargeIn } };
  return step.timeoutMs > 0
    ? {
        state: { ...state, phase: 'listening' },
        commands: [play, { type: 'listen', timeoutMs: step.timeoutMs }],
      }
    : { state: { ...state, phase: 'passing' }, commands: [play] };
}

/** Asks the present step again, at most `LIMITS.repeats` times in a row. */
function askAgain(
  scenario: Scenario,
  state: ScenarioState,
  step: AudioStep,
  resultAtLast: string,
): ScenarioProgress {
  if (state.repeats >= LIMITS.repeats) return end(state, resultAtLast, 'no-transition');
  const again = enter(scenario, state, step.id, null);
  return { ...again, state: { ...again.state, repeats: state.repeats + 1 } };
}

/** The prompt of a step that does not listen has ended: on to `*`, or to the only step named. */
function passOn(scenario: Scenario, state: ScenarioState): ScenarioProgress {
  const step = scenario.steps.get(state.stepId);
  const targets = Object.values(step?.transitions ?? {});
  const target = step?.transitions['*'] ?? (targets.length === 1 ? targets[0] : undefined);
  return target === undefined ? end(state, 'failed', 'no-transition') : enter(scenario, state, target, null);
}

// ---- objections ------------------------------------------------------------------------------------------

/** What led to the handler may be an objection in the form of a refusal: it is answered if there is an answer. */
function openVisit(
  scenario: Scenario,
  state: ScenarioState,
  handler: ObjectionHandlerStep,
  visit: HandlerVisit,
  heard: Utterance,
): ScenarioProgress {
  return heard.intent === 'deny'
    ? answerObjection(scenario, state, handler, visit, heard)
    : duringVisit(scenario, state, handler, visit, heard);
}

function duringVisit(
  scenario: Scenario,
  state: ScenarioState,
  handler: ObjectionHandlerStep,
  visit: HandlerVisit,
  heard: Utterance,
): ScenarioProgress {
  switch (heard.intent) {
    case 'affirm':
    case 'silence':
    case 'not_understood':
      return handled(scenario, state, handler, visit);
    case 'question':
    case 'objection':
      return answerObjection(scenario, state, handler, visit, heard);
    default:
      return giveUp(scenario, state, handler);
  }
}

function answerObjection(
  scenario: Scenario,
  state: ScenarioState,
  handler: ObjectionHandlerStep,
  visit: HandlerVisit,
  heard: Utterance,
): ScenarioProgress {
  const mayAnswer =
    visit.attempts < handler.maxAttempts && state.autonomousTurns < scenario.maxAutonomousTurns;
  if (mayAnswer && heard.objection !== null) {
    const counted = { ...visit, attempts: visit.attempts + 1 };
    const answering = { ...state, visit: counted, autonomousTurns: state.autonomousTurns + 1 };
    return reply(scenario, answering, heard.objection);
  }
  // A question that has no answer is no refusal: ask ours once more before giving up.
  if (mayAnswer && heard.intent === 'question' && state.unansweredQuestions < LIMITS.unansweredQuestions) {
    const noted = { ...state, unansweredQuestions: state.unansweredQuestions + 1 };
    return handled(scenario, noted, handler, visit);
  }
  return giveUp(scenario, state, handler);
}

/** Leaves the handler for the question that is still open. */
function handled(
  scenario: Scenario,
  state: ScenarioState,
  handler: ObjectionHandlerStep,
  visit: HandlerVisit,
): ScenarioProgress {
  return enter(scenario, state, handler.successStepId ?? visit.askingStepId, null);
}

function giveUp(scenario: Scenario, state: ScenarioState, handler: ObjectionHandlerStep): ScenarioProgress {
  return handler.fallbackStepId === null
    ? end(state, 'not_interested', 'no-transition')
    : enter(scenario, state, handler.fallbackStepId, null);
}

/** Plays a recorded answer; then whatever was awaited before it is awaited again. */
function reply(scenario: Scenario, state: ScenarioState, match: ObjectionMatch): ScenarioProgress {
  const asking = scenario.steps.get(state.visit?.askingStepId ?? state.stepId);
  const asked = asking?.type === 'audio' ? asking : null;
  const prompt: Prompt = {
    label: `objection:${match.objectionId}`,
    audioPath: match.audioPath,
    text: match.responseText,
    bargeIn: asked?.bargeIn ?? true,
  };
  const play: ScenarioCommand = { type: 'play', prompt };
  if (state.phase === 'passing' && state.visit === null) return { state, commands: [play] };
  const timeoutMs = asked === null || asked.timeoutMs === 0 ? scenario.listenTimeoutMs : asked.timeoutMs;
  return { state: { ...state, phase: 'listening' }, commands: [play, { type: 'listen', timeoutMs }] };
}

/** A refusal in the form of an objection, as the refusal that it is. */
function plainRefusal(said: Utterance): Utterance {
  const isRefusal =
    said.objection?.objectionId === REFUSAL && (said.intent === 'deny' || said.intent === 'objection');
  return isRefusal ? { ...said, intent: 'deny', objection: null } : said;
}

function isObjecting(heard: Utterance): boolean {
  return heard.intent === 'question' || heard.intent === 'objection';
}

/**
 * The answer to "are you a robot?", unless the same breath says something that has a built-in transition. Where no theme
 * has a recorded answer, the prompt that says it is repeated.
 */
function truthAboutRobot(scenario: Scenario, { intent, objection, text }: Utterance): ObjectionMatch | null {
  const isOverruled = intent === 'wrong_number' || intent === 'callback' || intent === 'machine';
  if (isOverruled) return null;
  if (objection !== null) return objection.objectionId === ROBOT_QUESTION ? objection : null;
  const mayAsk = intent === 'question' || intent === 'objection' || intent === 'not_understood';
  const step = mayAsk && asksIfRobot(text) ? truthfulStep(scenario) : null;
  if (step === null) return null;
  return { objectionId: ROBOT_QUESTION, score: 1, audioPath: step.audioPath, responseText: step.text };
}

// ---- ends ------------------------------------------------------------------------------------------------

function playAndEnd(
  state: ScenarioState,
  prompt: Omit<Prompt, 'bargeIn'>,
  result: string,
  reason: EndingReason,
): ScenarioProgress {
  const ended = end(state, result, reason);
  // A goodbye does not give way: nothing is listened to after it, and an opt-out said over it is heard all the same.
  return { ...ended, commands: [{ type: 'play', prompt: { ...prompt, bargeIn: false } }, ...ended.commands] };
}

function end(state: ScenarioState, result: string, reason: EndingReason): ScenarioProgress {
  const ending: ScenarioEnding = { result, stepId: state.stepId, reason };
  return { state: { ...state, phase: 'ending', ending }, commands: [{ type: 'end', ending }] };
}

function stay(state: ScenarioState): ScenarioProgress {
  return { state, commands: [] };
}

function promptOf(step: AudioStep): Omit<Prompt, 'bargeIn'> {
  return { label: step.id, audioPath: step.audioPath, text: step.text };
}
