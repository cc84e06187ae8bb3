import type { ObjectionMatch } from '../objections/match.ts';
import type { Intent } from '../intent/intents.ts';
import type { Scenario } from './schema.ts';

/**
 * The scenario as a pure function: `stepScenario(scenario, state, event) -> { state, commands }`. No clock, no
 * timer, no I/O. The session carries the commands out and feeds back what came of them.
 */
export interface ScenarioState {
  /** Step whose prompt was last ordered; its transitions apply to the next utterance. */
  stepId: string;
}

/** What the session tells the scenario. */
export type ScenarioEvent =
  | { type: 'call-started' }
  /** The prompt ordered last was heard to its end (not sent when a barge-in cut it: then `utterance` follows). */
  | { type: 'prompt-finished' }
  /** The switch could not play the prompt ordered last. */
  | { type: 'prompt-failed'; detail: string }
  /** A whole turn of the callee, understood. `silence`: nobody spoke within the step's timeout. */
  | { type: 'utterance'; intent: Intent; text: string; objection: ObjectionMatch | null };

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
  reason: 'final-step' | 'no-transition' | 'opt-out' | 'callback' | 'wrong-number' | 'machine' | 'prompt-failed';
}
