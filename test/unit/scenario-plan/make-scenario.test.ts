import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkScenario } from '../../../src/call-engine/scenario/check.ts';
import { buildScenario, transitionsOf } from '../../../src/scenario-plan/build.ts';
import { makeScenario } from '../../../src/scenario-plan/make-scenario.ts';
import {
  idFor,
  readPlan,
  RETRIES,
  type ScenarioPlan,
  type ScenarioPlanInput,
} from '../../../src/scenario-plan/plan.ts';
import { DEFAULTS } from '../../helpers/scenarios.ts';

const HELLO = { step: 'hello', text: 'Avez-vous deux minutes ?', determinant: true };
const PITCH = { step: 'pitch', text: 'Un conseiller peut-il vous rappeler ?' };

function planOf(rest: Partial<ScenarioPlanInput> = {}): ScenarioPlan {
  const read = readPlan({
    name: 'Vente',
    voice: 'julie',
    caller: 'GoldInvest',
    questions: [HELLO, PITCH],
    ...rest,
  });
  if (!read.ok) throw new Error(read.faults.join('; '));
  return read.plan;
}

function make(plan: ScenarioPlan) {
  return makeScenario('mine', plan, { defaults: DEFAULTS, checks: { disclosure: 'strict' } });
}

describe('makeScenario', () => {
  it('leads on with yes, ends for a refusal of a determinant question, and asks once more for silence', () => {
    const { steps, start } = buildScenario(planOf());
    expect(start).toBe('disclosure');
    expect(steps['hello']).toMatchObject({
      audio_path: 'julie/base/hello.wav',
      is_determinant: true,
      transitions: {
        affirm: 'pitch',
        deny: 'bye_not_interested',
        question: 'handle_objection',
        objection: 'handle_objection',
        silence: 'retry_hello',
        not_understood: 'retry_hello',
      },
    });
    expect(steps['retry_hello']).toMatchObject({
      audio_path: 'julie/base/retry_hello.wav',
      text: "Pardon, je n'ai pas bien compris. Avez-vous deux minutes ?",
      transitions: { affirm: 'pitch', silence: 'bye_silence', not_understood: 'bye_not_interested' },
    });
    // A refusal of a normal question goes on; of the last one it is no success.
    expect(steps['pitch']).toMatchObject({ transitions: { affirm: 'bye', deny: 'bye_not_interested' } });
  });

  it('has who calls said in a step of its own, unless the first question says it', () => {
    expect(buildScenario(planOf({ recording_notice: true })).steps['disclosure']).toMatchObject({
      text:
        'Bonjour, ici GoldInvest. Ceci est un appel automatisé. ' +
        'Vous pouvez à tout moment demander à ne plus être appelé. Cet appel est enregistré.',
      discloses: ['automated', 'caller', 'opposition', 'recording'],
      timeout: 0,
      transitions: { '*': 'hello' },
    });
    const text =
      'Bonjour, ici GoldInvest, ceci est un appel automatisé. Vous pouvez demander à ne plus être appelé. Deux minutes ?';
    const { steps, start } = buildScenario(planOf({ questions: [{ ...HELLO, text }, PITCH] }));
    expect(start).toBe('hello');
    expect(steps['disclosure']).toBeUndefined();
    expect(steps['hello']).toMatchObject({ discloses: ['automated', 'caller', 'opposition'] });
  });

  it('makes nothing of which people would not know who calls', () => {
    expect(make(planOf({ caller: undefined }))).toEqual({ ok: false, untold: ['caller'], faults: [] });
    const disclosure = { text: 'Bonjour, ici GoldInvest.' };
    expect(make(planOf({ disclosure }))).toMatchObject({ untold: ['automated', 'opposition'] });
  });

  it('asks again by the same recording, or not at all, and then never in a circle', () => {
    const same = buildScenario(planOf({ retry: 'same', max_autonomous_turns: 0 }));
    expect(same.steps['retry_pitch']).toMatchObject({ audio_path: 'julie/base/pitch.wav', text: PITCH.text });
    expect(same.steps['pitch']).toMatchObject({ transitions: { question: 'retry_pitch' } });
    expect(same.steps['retry_pitch']).toMatchObject({ transitions: { question: 'bye_not_interested' } });
    expect(same.steps['handle_objection']).toBeUndefined();
    const none = buildScenario(planOf({ retry: 'none' }));
    expect(Object.keys(none.steps).filter((id) => id.startsWith('retry_'))).toEqual([]);
    expect(none.steps['hello']).toMatchObject({ transitions: { silence: 'bye_silence' } });
  });

  it('leads where the plan says, and says of a step that is none', () => {
    const led = planOf({ questions: [{ ...HELLO, transitions: { deny: 'pitch', callback: 'bye' } }, PITCH] });
    expect(transitionsOf(led, led.questions[0] ?? { ...HELLO, transitions: {} })).toMatchObject({
      affirm: 'pitch',
      deny: 'pitch',
      callback: 'bye',
    });
    const lost = make(planOf({ questions: [{ ...HELLO, transitions: { deny: 'nowhere' } }, PITCH] }));
    expect(lost).toMatchObject({
      ok: false,
      faults: [
        'step "hello", field "transitions.deny": leads to "nowhere", which is no step of this scenario',
        'step "retry_hello", field "transitions.deny": leads to "nowhere", which is no step of this scenario',
      ],
    });
  });

  it('makes a usable scenario of every plan without transitions of its own', () => {
    const words = fc.constantFrom(
      'Avez-vous deux minutes ?',
      'Quel jour préférez-vous ?',
      'Êtes-vous intéressé ?',
    );
    const plans = fc.record({
      retry: fc.constantFrom(...RETRIES),
      max_autonomous_turns: fc.nat(5),
      barge_in: fc.boolean(),
      recording_notice: fc.boolean(),
      questions: fc
        .array(fc.record({ text: words, determinant: fc.boolean() }), { minLength: 1, maxLength: 5 })
        .map((list) => list.map((question, index) => ({ ...question, step: `q${index}` }))),
    });
    fc.assert(
      fc.property(plans, (rest) => {
        const made = make(planOf(rest));
        expect(made).toMatchObject({ ok: true, warnings: [] });
        if (made.ok) expect(checkScenario(made.scenario, { disclosure: 'strict' })).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('readPlan', () => {
  it('names the field of every mistake', () => {
    const questions = [
      { step: 'hello' },
      { step: 'bye', text: 'Oui ?' },
      { step: 'q', text: 'Oui ?', audio: '../x.wav' },
    ];
    const read = readPlan({ name: '', voice: 'ju lie', vois: 1, questions });
    expect(read).toMatchObject({ ok: false });
    const faults = read.ok ? [] : read.faults.join('\n');
    expect(faults).toContain('voice: must be a folder name');
    expect(faults).toContain('questions[0].text: ');
    expect(faults).toContain('questions[1].step: must not be retry_… or one of disclosure');
    expect(faults).toContain('questions[2].audio: must be a file name such as hello.wav');
    expect(faults).toContain('vois');
    expect(readPlan({ name: 'A', voice: 'julie', questions: [PITCH, PITCH] })).toEqual({
      ok: false,
      faults: ['questions[1].step: "pitch" is used twice'],
    });
  });

  it.each([
    ['Vente d’or – été', 'vente_d_or_ete'],
    ['  2026 !', '2026'],
    ['???', ''],
  ])('makes a file name of %s', (name, id) => {
    expect(idFor(name)).toBe(id);
  });
});
