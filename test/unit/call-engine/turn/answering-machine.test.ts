import { describe, expect, it } from 'vitest';
import {
  AnsweringMachineDetector,
  type AnsweringMachineOptions,
} from '../../../../src/call-engine/turn/answering-machine.ts';
import { machineProbability } from '../../../../src/call-engine/turn/greeting-model.ts';

const OPTIONS: AnsweringMachineOptions = {
  method: 'hybrid',
  maxGreetingMs: 4000,
  afterGreetingSilenceMs: 1000,
  afterPersonGreetingSilenceMs: 500,
  initialSilenceMs: 2000,
  humanSpeechMs: 1200,
  machineSpeechMs: 2800,
};

interface Stretch {
  ms: number;
  voiced?: boolean;
  text?: string;
  beep?: boolean;
}

function listen(stretches: Stretch[], options: Partial<AnsweringMachineOptions> = {}) {
  const detector = new AnsweringMachineDetector({ ...OPTIONS, ...options });
  let nowMs = 0;
  for (const { ms, voiced = false, text = '', beep = false } of stretches) {
    for (let passed = 0; passed < ms; passed += 20) {
      nowMs += 20;
      const verdict = detector.advance({
        nowMs,
        frameMs: 20,
        isVoiced: voiced,
        text,
        tone: beep ? 'beep' : null,
      });
      if (verdict !== null) return verdict;
    }
  }
  return null;
}

describe('AnsweringMachineDetector', () => {
  it('takes a short « allô ? » for a person soon after it', () => {
    expect(listen([{ ms: 400 }, { ms: 400, voiced: true }, { ms: 1000, text: 'allô' }])).toEqual({
      result: 'HUMAN',
      reason: 'words:greeting',
      afterMs: 1300,
    });
  });

  it('takes a short greeting that was not understood for a person after the full silence', () => {
    expect(listen([{ ms: 400, voiced: true }, { ms: 2000 }])).toEqual({
      result: 'HUMAN',
      reason: 'timing:short-greeting',
      afterMs: 1400,
    });
  });

  it.each([
    'bonjour vous êtes bien sur la messagerie de sophie martin',
    'si vous enregistrez votre nom je vais voir si cette personne est disponible',
    'tous nos conseillers sont actuellement occupés',
    'la boîte vocale de votre correspondant est pleine',
    'vous avez bien rejoint la boîte vocale de martin tremblay',
    "votre correspondant n'est pas disponible",
    'veuillez laisser un message après le signal sonore',
    "le numéro que vous avez demandé n'est pas attribué",
    'je ne suis pas disponible laissez un message',
    "l'abonné que vous appelez a suspendu ses appels",
    'pour un rendez-vous tapez un',
    'vous êtes sur le répondeur',
  ])('knows a machine by its words: « %s »', (text) => {
    expect(listen([{ ms: 1500, voiced: true, text }])?.result).toBe('MACHINE');
  });

  it.each([
    'je suis pas disponible là',
    'cabinet du docteur petit bonjour ne quittez pas',
    'vous êtes bien chez martin plomberie je vous écoute',
    "vous avez laissé un message sur ma messagerie tout à l'heure",
    'il est pas là vous voulez laisser un message',
    "c'est encore un répondeur",
    'allô le bureau est fermé madame',
  ])('does not take a person for a machine: « %s »', (text) => {
    expect(
      listen([
        { ms: 1000, voiced: true, text },
        { ms: 1500, text },
      ])?.result,
    ).not.toBe('MACHINE');
  });

  it('knows a machine by its beep', () => {
    expect(
      listen([
        { ms: 100, voiced: true },
        { ms: 20, beep: true },
      ]),
    ).toMatchObject({
      result: 'MACHINE',
      reason: 'tone:beep',
    });
  });

  it("knows a machine by a long greeting of words that are rather a machine's", () => {
    const openings = [
      "bonjour c'est nous",
      'nous sommes tous',
      'on est sortis',
      'bonjour et merci',
      'ici les',
    ];
    const text = openings.find((opening) => {
      const probability = machineProbability(opening);
      return probability >= 0.7 && probability < 0.88;
    });
    expect(text, 'none of these openings leaves the model in doubt: add one that does').toBeDefined();
    expect(listen([{ ms: 3500, voiced: true, text: text ?? '' }])).toEqual({
      result: 'MACHINE',
      reason: 'timing:long-greeting',
      afterMs: 2800,
    });
  });

  it('does not take a person who speaks for long for a machine', () => {
    const text = 'oui bonjour écoutez là je suis en train de manger vous pouvez rappeler dans une heure';
    expect(listen([{ ms: 5000, voiced: true, text }])).toMatchObject({ result: 'UNKNOWN', afterMs: 4000 });
    expect(listen([{ ms: 5000, voiced: true, text }], { method: 'silence' })).toMatchObject({
      result: 'MACHINE',
      afterMs: 2800,
    });
  });

  it('waits for more words where a greeting begins as both begin', () => {
    const text = 'bonjour vous êtes';
    expect(listen([{ ms: 1000, voiced: true, text }])).toBeNull();
    const rest = `${text} bien sur la messagerie de`;
    expect(
      listen([
        { ms: 1000, voiced: true, text },
        { ms: 100, voiced: true, text: rest },
      ]),
    ).toMatchObject({ result: 'MACHINE', afterMs: 1020 });
  });

  it('does not call noise without words a machine, unless timing alone is asked for', () => {
    expect(listen([{ ms: 3500, voiced: true }])).toMatchObject({
      result: 'UNKNOWN',
      reason: 'timing:sound-without-words',
    });
    expect(listen([{ ms: 3500, voiced: true }], { method: 'energy' })?.result).toBe('MACHINE');
  });

  it('does not call a company greeting a machine', () => {
    expect(listen([{ ms: 2000, voiced: true, text: 'société dupont bonjour' }, { ms: 1500 }])?.result).toBe(
      'UNKNOWN',
    );
  });

  it('starts talking when nobody says anything', () => {
    expect(listen([{ ms: 5000 }])).toEqual({
      result: 'UNKNOWN',
      reason: 'timing:no-greeting',
      afterMs: 2000,
    });
  });

  it('decides by the deadline at the latest', () => {
    const stammer = Array.from({ length: 40 }, () => [{ ms: 60, voiced: true }, { ms: 200 }]).flat();
    expect(listen(stammer)).toMatchObject({ result: 'UNKNOWN', reason: 'deadline', afterMs: 4000 });
  });

  it('hears no words nor beeps where timing alone is asked for', () => {
    const text = 'vous êtes bien sur la messagerie';
    expect(listen([{ ms: 1000, voiced: true, text, beep: true }], { method: 'energy' })).toBeNull();
  });
});
