import { parseScenario, type Scenario } from '../../src/call-engine/scenario/schema.ts';

export const DEFAULTS = { voice: 'demo', listenTimeoutMs: 4000 };

/** A scenario from the steps of its file; throws with the faults where the file is not valid. */
export function scenarioOf(steps: Record<string, unknown>, rest: Record<string, unknown> = {}): Scenario {
  const parsed = parseScenario('sample', { name: 'Sample', ...rest, steps }, DEFAULTS);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.scenario;
}

/** A step that asks and listens for 4 s. */
export function asking(transitions: Record<string, string>, rest: Record<string, unknown> = {}) {
  return { type: 'audio', audio_path: 'demo/base/ask.wav', text: 'Oui ?', timeout: 4, transitions, ...rest };
}

/** A step that plays and goes on. */
export function saying(next: string) {
  return { type: 'audio', audio_path: 'demo/base/say.wav', timeout: 0, transitions: { '*': next } };
}

/** A step that plays and ends the call. */
export function final(result: string) {
  return { type: 'audio', audio_path: 'demo/base/bye.wav', text: 'Au revoir', is_final: true, result };
}

export function handler(rest: Record<string, unknown> = {}) {
  return { type: 'objection_handler', ...rest };
}
