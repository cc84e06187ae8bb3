import { describe, expect, it } from 'vitest';
import { BACK, type Asker } from '../../../../src/cli/create-scenario/asker.ts';
import { askForPlan, type Draft, type World } from '../../../../src/cli/create-scenario/wizard.ts';
import { en } from '../../../../src/cli/messages/en.ts';
import { buildScenario } from '../../../../src/scenario-plan/build.ts';
import { makeScenario } from '../../../../src/scenario-plan/make-scenario.ts';
import { DEFAULTS } from '../../../helpers/scenarios.ts';

const WHOLE =
  'Bonjour, ici GoldInvest, un appel automatisé. Vous pouvez refuser, ou ne plus être appelé. Deux minutes ?';

const START: Draft = {
  plan: {
    ...{ name: '', description: '', voice: 'julie', theme: 'standard', questions: [], goodbye: {} },
    ...{ max_autonomous_turns: 3, barge_in: true, retry: 'own', recording_notice: false },
  },
  isNewVoice: false,
  count: 1,
  changed: [],
  id: '',
};

const WORLD: World = {
  voices: [{ name: 'julie', recordings: 2 }],
  themes: [
    { name: 'standard', title: 'Objections courantes', objections: 18 },
    { name: 'or', title: 'Or', objections: 16 },
  ],
  recordingsOf: () => Promise.resolve(['hello.wav']),
  wordsOf: (_voice, file) =>
    Promise.resolve(file === 'hello.wav' ? { text: WHOLE, from: { confidence: 0.9 } } : null),
  isTaken: (id) => id === 'taken',
  listenTimeoutMs: 4000,
  gracePeriodMs: 3000,
  make: ({ plan, id }) => makeScenario(id, plan, { defaults: DEFAULTS, checks: { disclosure: 'strict' } }),
  summaryOf: ({ file }) => Object.keys(file.steps).join(' '),
};

type Reply = string | boolean | string[] | typeof BACK;

/** Answers what its script names by a part of the question; to anything else, what is proposed. */
function scriptedAsker(script: [question: string, reply: Reply][]) {
  const asked: string[] = [];
  const refused: string[] = [];
  const notes: string[] = [];
  const left = [...script];
  const reply = <T>(message: string, proposed: T): T | typeof BACK => {
    asked.push(message);
    const [next] = left;
    if (next === undefined || !message.includes(next[0])) return proposed;
    left.shift();
    return next[1] as T | typeof BACK;
  };
  const asker: Asker = {
    text: ({ message, initial, validate }) => {
      for (;;) {
        const text = reply(message, initial);
        const problem = text === BACK ? null : validate(text);
        if (problem === null) return Promise.resolve(text);
        refused.push(problem);
        if (text === initial && left[0]?.[0] === undefined) throw new Error(`${message}: ${problem}`);
      }
    },
    choose: ({ message, choices, initial }) => {
      const first = choices[0]?.value;
      if (first === undefined) throw new Error(`${message}: nothing to choose`);
      const value = reply(message, initial ?? first);
      return Promise.resolve(value);
    },
    chooseMany: ({ message, initial }) => Promise.resolve(reply(message, [...initial])),
    confirm: ({ message, initial }) => Promise.resolve(reply(message, initial)),
    note: (text) => notes.push(text),
    busy: (_message, work) => work(),
  };
  return { asker, asked, refused, notes, left };
}

async function ask(script: [string, Reply][], start: Draft = START) {
  const scripted = scriptedAsker(script);
  const draft = await askForPlan(start, { asker: scripted.asker, messages: en, world: WORLD });
  expect(scripted.left).toEqual([]);
  return { ...scripted, draft };
}

describe('askForPlan', () => {
  it('asks in the order of the guide and proposes what the recording says', async () => {
    const { draft, asked, notes } = await ask([
      ['Name of the scenario', 'Vente Or'],
      ['Objections of which theme', 'or'],
    ]);
    expect(draft?.id).toBe('vente_or');
    expect(draft?.plan.questions).toMatchObject([
      { step: 'hello', audio: 'hello.wav', text: WHOLE, determinant: true },
    ]);
    const order = [
      'Name of',
      'What is it',
      'Voice',
      'How many',
      'Question 1',
      'recording',
      'what it says',
      'kind of',
    ];
    expect(order.every((part, index) => asked[index]?.includes(part))).toBe(true);
    expect(asked[6]).toContain('Transcription by Vosk (90.0 % sure)');
    // The first question says who calls: nobody is asked for more.
    expect(asked.some((message) => message.includes('For whom'))).toBe(false);
    expect(notes.at(-1)).toBe('hello retry_hello handle_objection bye bye_not_interested bye_silence');
  });

  it('asks for who calls where the first question does not say it, and takes no opening that hides it', async () => {
    const { draft, refused } = await ask([
      ['Name of the scenario', ''],
      ['Name of the scenario', 'Vente'],
      ['hello: what it says', 'Deux minutes ?'],
      ['be recorded', true],
      ['For whom', 'GoldInvest'],
      ['Said first', 'Bonjour, ici GoldInvest.'],
      [
        'Said first',
        'Ici GoldInvest. Appel automatisé et enregistré. Vous pouvez vous opposer. Cet appel est enregistré.',
      ],
      ['Save as', 'taken'],
      ['Save as', 'mine.json'],
    ]);
    expect(refused).toEqual([
      'Give it a name of 1 to 200 characters.',
      expect.stringContaining('People are not told that a machine is calling'),
      'There is a scenario of this name: choose another (--force replaces it).',
    ]);
    expect(draft?.id).toBe('mine');
    if (draft === null) throw new Error('nothing was made');
    expect(buildScenario(draft.plan).steps['disclosure']).toMatchObject({
      discloses: ['automated', 'caller', 'opposition', 'recording'],
    });
  });

  it('goes back, keeps what was answered, and asks only what then matters', async () => {
    const { draft, asked } = await ask([
      ['Name of the scenario', 'Vente'],
      ['How many', '2'],
      ['Question 2 of 2', 'pitch'],
      ['pitch: recording', BACK],
      ['Question 2 of 2', BACK],
      ['hello: kind', BACK],
      ['hello: what it says', BACK],
      ['hello: recording', BACK],
      ['Question 1 of 2', BACK],
      ['How many', '1'],
    ]);
    expect(draft?.plan.questions.map(({ step }) => step)).toEqual(['hello']);
    expect(asked.filter((message) => message.includes('Name of the scenario'))).toHaveLength(1);
    expect(draft?.plan.name).toBe('Vente');
  });

  it('changes where answers lead, for the questions that are marked', async () => {
    const { draft } = await ask([
      ['Name of the scenario', 'Vente'],
      ['Change where answers lead', ['hello']],
      ['“deny” leads to', 'bye_silence'],
    ]);
    expect(draft?.plan.questions[0]?.transitions).toEqual({ deny: 'bye_silence' });
    if (draft === null) throw new Error('nothing was made');
    expect(buildScenario(draft.plan).steps['hello']).toMatchObject({
      transitions: { affirm: 'bye', deny: 'bye_silence', silence: 'retry_hello' },
    });
  });

  it('is over without a plan when somebody goes back from the first question', async () => {
    const { draft, asked } = await ask([
      ['Name of the scenario', 'Vente'],
      ['What is it', BACK],
      ['Name of the scenario', BACK],
    ]);
    expect(draft).toBeNull();
    expect(asked).toHaveLength(3);
  });

  it('takes a voice that nobody has recorded yet', async () => {
    const { draft, refused } = await ask([
      ['Name of the scenario', 'Vente'],
      ['Voice', '/other'],
      ['Name of the new voice', 'ma voix'],
      ['Name of the new voice', 'marc'],
    ]);
    expect(draft?.plan.voice).toBe('marc');
    expect(refused).toEqual(['Letters, digits, _ and -, no spaces or accents.']);
  });
});
