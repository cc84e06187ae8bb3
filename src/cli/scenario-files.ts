import { loadObjectionThemes } from '../call-engine/objections/load.ts';
import type { ObjectionTheme } from '../call-engine/objections/schema.ts';
import type { ScenarioDefaults } from '../call-engine/scenario/schema.ts';
import type { Config } from '../config.ts';

/** What scenarios leave to the configuration. */
export function scenarioDefaults({ audio, timeouts }: Config): ScenarioDefaults {
  return { voice: audio.defaultVoice, listenTimeoutMs: timeouts.listenMs };
}

/** The themes whose recorded answers calls give; none where `OBJECTION_USE_PRERECORDED` is off. */
export async function answeredThemes({ objections }: Config, theme: string): Promise<ObjectionTheme[]> {
  return objections.usePrerecorded ? loadObjectionThemes({ directory: objections.dir, theme }) : [];
}
