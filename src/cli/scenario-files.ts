import { loadObjectionThemes } from '../call-engine/objections/load.ts';
import type { ObjectionTheme } from '../call-engine/objections/schema.ts';
import type { Scenario, ScenarioDefaults } from '../call-engine/scenario/schema.ts';
import type { Config } from '../config.ts';
import { answersOf, promptsOf } from '../voices/needed-recordings.ts';

/** What scenarios leave to the configuration. */
export function scenarioDefaults({ audio, timeouts }: Config): ScenarioDefaults {
  return { voice: audio.defaultVoice, listenTimeoutMs: timeouts.listenMs };
}

/** The themes whose recorded answers calls give; none where `OBJECTION_USE_PRERECORDED` is off. */
async function answeredThemes({ objections }: Config, theme: string): Promise<ObjectionTheme[]> {
  return objections.usePrerecorded ? loadObjectionThemes({ directory: objections.dir, theme }) : [];
}

/** Every recording that calls of a scenario play, its themes' answers among them. */
export async function neededRecordings(config: Config, scenario: Scenario): Promise<string[]> {
  const themes = await answeredThemes(config, scenario.theme);
  const recordings = [...promptsOf(scenario), ...answersOf(scenario, themes)];
  return [...new Set(recordings.map(({ audioPath }) => audioPath))];
}
