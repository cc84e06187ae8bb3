import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Intent } from '../../../../src/call-engine/intent/intents.ts';
import {
  startState,
  stepScenario,
  type ScenarioEvent,
} from '../../../../src/call-engine/scenario/machine.ts';
import { loadScenario } from '../../../../src/call-engine/scenario/load.ts';
import { DEFAULTS } from '../../../helpers/scenarios.ts';

const SCENARIOS = path.join(import.meta.dirname, '../../../../scenarios');

/** What the callee says turn by turn: an intent, with the objection it raises after a colon. */
type Said = Intent | `${Intent}:${string}`;

/** Prompts in the order in which they are heard, then the result. */
async function walk(id: string, said: Said[]): Promise<string[]> {
  const scenario = await loadScenario(SCENARIOS, id, DEFAULTS);
  const heard: string[] = [];
  const turns = [...said];
  let state = startState(scenario);
  const tell = (event: ScenarioEvent) => {
    const progress = stepScenario(scenario, state, event);
    state = progress.state;
    for (const command of progress.commands) if (command.type === 'play') heard.push(command.prompt.label);
  };
  tell({ type: 'call-started' });
  while (state.ending === null) {
    if (state.phase === 'passing') {
      tell({ type: 'prompt-finished' });
      continue;
    }
    const [intent, objectionId] = (turns.shift() ?? 'silence').split(':') as [Intent, string?];
    const objection =
      objectionId === undefined ? null : { objectionId, score: 1, audioPath: 'x.wav', responseText: '' };
    tell({ type: 'utterance', intent, text: '', objection });
  }
  return [...heard, state.ending.result];
}

describe("the guide's Vente Or Investissement", () => {
  it.each<[string, Said[], string]>([
    ['says yes to all', ['affirm', 'affirm'], 'hello pitch confirm_time bye success'],
    ['refuses', ['deny'], 'hello bye_not_interested not_interested'],
    ['refuses the appointment', ['affirm', 'deny'], 'hello pitch bye_not_interested not_interested'],
    [
      'objects, then accepts',
      ['affirm', 'objection:or/risky', 'affirm', 'affirm'],
      'hello pitch objection:or/risky pitch confirm_time bye success',
    ],
    [
      'is not interested after all',
      ['affirm', 'objection:standard/not_interested'],
      'hello pitch bye_not_interested not_interested',
    ],
    [
      'asks a question',
      ['affirm', 'question:or/storage', 'affirm', 'affirm'],
      'hello pitch objection:or/storage pitch confirm_time bye success',
    ],
    [
      'asks whether it is a robot',
      ['question:standard/is_robot', 'affirm', 'affirm'],
      'hello objection:standard/is_robot pitch confirm_time bye success',
    ],
    ['stays silent', [], 'hello retry_silence bye_silence silence'],
    ['is noise only', ['not_understood', 'silence'], 'hello retry_hello bye_silence silence'],
    ['asks not to be called again', ['affirm', 'opt_out'], 'hello pitch builtin:opt_out opt_out'],
    ['asks to be called later', ['callback'], 'hello builtin:callback callback'],
  ])('when the person %s', async (_persona, said, expected) => {
    expect((await walk('vente_or_investissement', said)).join(' ')).toBe(expected);
  });
});

describe("v2's production", () => {
  it.each<[string, Said[], string]>([
    [
      'wants to be called by a person',
      ['affirm', 'deny', 'affirm', 'not_understood', 'affirm'],
      'hello q1 q2 q3 is_leads confirm bye_success success',
    ],
    ['refuses', ['deny'], 'hello bye_failed not_interested'],
    ['is unsure, then agrees', ['not_understood', 'affirm'], 'hello retry q1 bye_silence silence'],
    [
      'does not want to be called',
      ['affirm', 'deny', 'deny', 'deny', 'deny'],
      'hello q1 q2 q3 is_leads bye_failed not_interested',
    ],
  ])('when the person %s', async (_persona, said, expected) => {
    expect((await walk('production', said)).join(' ')).toBe(expected);
  });
});

it("v2's test listens twice and ends", async () => {
  expect((await walk('test', ['affirm', 'deny'])).join(' ')).toBe(
    'test_audio test_audio_again bye_test test_done',
  );
});
