import type { ObjectionTheme } from '../call-engine/objections/schema.ts';
import type { Recording, Scenario } from '../call-engine/scenario/schema.ts';

/** What a scenario plays by itself: its prompts, the engine's acknowledgements, the message it leaves on a machine. */
export function promptsOf(scenario: Scenario): Recording[] {
  const prompts = [...scenario.steps.values()].filter((step) => step.type === 'audio');
  const message = scenario.voicemailMessage === null ? [] : [scenario.voicemailMessage];
  return [...prompts, ...Object.values(scenario.builtins), ...message].map(({ audioPath, text }) => ({
    audioPath,
    text,
  }));
}

/** The answers of its themes, in the voice of the scenario. */
export function answersOf(scenario: Scenario, themes: readonly ObjectionTheme[]): Recording[] {
  return themes
    .flatMap(({ objections }) => objections)
    .map(({ audioFile, response }) => ({
      audioPath: `${scenario.voice}/objections/${audioFile}`,
      text: response,
    }));
}
