import { expect, it } from 'vitest';
import {
  asksIfRobot,
  disclosedBy,
  heardDisclosures,
  recordingNotices,
} from '../../../../src/call-engine/scenario/disclosure.ts';
import { startState, stepScenario } from '../../../../src/call-engine/scenario/machine.ts';
import { asking, final, saying, scenarioOf } from '../../../helpers/scenarios.ts';

const WHO = 'Ici Essai. Ceci est un appel automatisé, vous pouvez demander à ne plus être appelé. Oui ?';

it.each([
  ['Bonjour, ici GoldInvest.', ['caller']],
  ['Je vous appelle de la part de la mairie de Nantes.', ['caller']],
  ['Ceci est un message préenregistré.', ['automated']],
  ['Un automate vous parle, pour le compte d’Essai.', ['automated', 'caller']],
  ['Dites « stop » pour ne plus être appelé.', ['opposition']],
  ['Vous pouvez vous opposer à ces appels.', ['opposition']],
  ['Cet appel est enregistré pour améliorer notre service.', ['recording']],
  ['Notre conversation peut être enregistrée.', ['recording']],
  ['Nous enregistrons cet échange.', ['recording']],
  ['J’ai bien enregistré votre réponse.', []],
  ['Votre demande est enregistrée.', []],
  ['Avez-vous deux minutes ?', []],
  ['Vous pouvez refuser.', []],
])('reads in “%s” what it discloses', (text, disclosed) => {
  expect(disclosedBy(text)).toEqual(disclosed);
});

it.each([
  ['vous êtes un robot', true],
  ["c'est une machine qui parle", true],
  ['je parle à une vraie personne', true],
  ['c’est une intelligence artificielle', true],
  ['oui pourquoi pas', false],
  ['ça coûte combien', false],
])('tells whether “%s” asks for a robot', (text, asks) => {
  expect(asksIfRobot(text)).toBe(asks);
});

it('takes for a notice of recording only what is marked so and says so', () => {
  const told = { discloses: ['recording'], text: 'Cet appel est enregistré. Oui ?' };
  const steps = (hello: Record<string, unknown>) =>
    scenarioOf({ hello: asking({ '*': 'bye' }, hello), bye: final('success') });
  expect(recordingNotices(steps(told)).map(({ id }) => id)).toEqual(['hello']);
  expect(recordingNotices(steps({ ...told, discloses: ['caller'] }))).toEqual([]);
  expect(recordingNotices(steps({ ...told, text: 'Oui ?' }))).toEqual([]);
  // The short form says who calls, not that anything is recorded.
  expect(recordingNotices(steps({ disclosure: true, text: told.text }))).toEqual([]);
});

const scenario = scenarioOf({
  hello: asking({ affirm: 'offer', '*': 'no' }, { disclosure: true, text: WHO, audio_path: 'v/hello.wav' }),
  offer: asking({ affirm: 'thanks', question: 'no', '*': 'no' }),
  thanks: saying('bye'),
  bye: final('success'),
  no: final('not_interested'),
});

it.each(['question', 'objection', 'not_understood'] as const)(
  'answers truthfully wherever it is asked (as %s), also where no theme has an answer',
  (intent) => {
    let { state } = stepScenario(scenario, startState(scenario), { type: 'call-started' });
    const say = (text: string, as: 'affirm' | typeof intent) =>
      stepScenario(scenario, state, { type: 'utterance', intent: as, text, objection: null });
    ({ state } = say('oui', 'affirm'));
    expect(state.stepId).toBe('offer');
    const asked = say('vous êtes un robot ?', intent);
    expect(asked.commands).toMatchObject([
      { type: 'play', prompt: { audioPath: 'v/hello.wav', text: WHO } },
      { type: 'listen' },
    ]);
    // Then whatever was asked is still open.
    expect(asked.state.stepId).toBe('offer');
    state = asked.state;
    ({ state } = say('oui', 'affirm'));
    expect(state.stepId).toBe('thanks');
  },
);

it('keeps of each disclosing step what was heard longest, against the length of its recording', () => {
  const heard = (label: string, heardMs: number, completed = false) => ({
    ...{ label, audioPath: `v/${label}.wav`, heardMs, completed },
  });
  const played = [heard('hello', 900), heard('offer', 500, true), heard('hello', 2400), heard('hello', 100)];
  const discloses = ['automated', 'caller', 'opposition'];
  expect(heardDisclosures(scenario, played, () => 6000)).toEqual([
    { step: 'hello', discloses, heardMs: 2400, totalMs: 6000, interrupted: true },
  ]);
  expect(heardDisclosures(scenario, [...played, heard('hello', 5980, true)], () => 6000)).toEqual([
    { step: 'hello', discloses, heardMs: 6000, totalMs: 6000, interrupted: false },
  ]);
  expect(heardDisclosures(scenario, played, () => null)).toMatchObject([{ heardMs: 2400, totalMs: null }]);
  expect(heardDisclosures(scenario, [], () => 6000)).toEqual([]);
});
