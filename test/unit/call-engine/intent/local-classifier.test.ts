import { describe, expect, it } from 'vitest';
import type { Intent } from '../../../../src/call-engine/intent/intents.ts';
import { classifyLocally } from '../../../../src/call-engine/intent/local-classifier.ts';
import { readTsv } from '../../../helpers/tsv.ts';

const rows = await readTsv(new URL('../../../fixtures/intents-dev.tsv', import.meta.url));
const MINUTES = 'Avez-vous deux minutes ?';
const DISTURB = 'Bonjour, est-ce que je vous dérange ?';
const DAY = 'Seriez-vous disponible mardi pour en parler ?';

const intentOf = (text: string, question: string | null = MINUTES): Intent =>
  classifyLocally(text, question).intent;

describe('on test/fixtures/intents-dev.tsv', () => {
  const verdicts = rows.map((row) => ({
    row: `${row['text'] ?? ''} (${row['context'] ?? ''})`,
    expected: row['intent'],
    ...classifyLocally(row['text'] ?? '', row['context'] ?? null),
  }));

  it('holds enough to mean something', () => {
    expect(rows.length).toBeGreaterThanOrEqual(400);
  });

  it('is right at least 95 times in 100', () => {
    const right = verdicts.filter(({ intent, expected }) => intent === expected).length;
    expect(right / verdicts.length).toBeGreaterThanOrEqual(0.95);
  });

  it('never takes a refusal or an opt-out for consent', () => {
    const refusals = verdicts.filter(({ expected }) => expected === 'deny' || expected === 'opt_out');
    expect(refusals.filter(({ intent }) => intent === 'affirm')).toEqual([]);
  });

  it('never lets an opt-out pass as anything else', () => {
    const missed = verdicts.filter(({ intent, expected }) => expected === 'opt_out' && intent !== 'opt_out');
    expect(missed).toEqual([]);
  });

  it('is surer when it is right', () => {
    const mean = (isRight: boolean): number => {
      const chosen = verdicts.filter(({ intent, expected }) => (intent === expected) === isRight);
      return chosen.reduce((sum, { confidence }) => sum + confidence, 0) / Math.max(1, chosen.length);
    };
    expect(mean(true)).toBeGreaterThan(0.85);
    for (const { confidence } of verdicts) {
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
    }
  });
});

describe('a refusal dressed in politeness', () => {
  const refusals = [
    'non merci',
    "ça ne m'intéresse pas",
    'je suis pas intéressé',
    'je ne veux pas',
    'sans façon',
    "j'en veux pas",
    "c'est non",
    "je n'accepte pas",
    'ça marche pas avec moi',
    'je suis plus intéressé',
    'je ne donne pas mon accord',
    "ne m'appelez plus",
    'plus la peine de rappeler',
    'je ne prends pas',
  ];
  const before = [
    '',
    'oui ',
    "d'accord ",
    'ok ',
    'très bien ',
    'oui mais ',
    'bien sûr ',
    'ah oui ',
    "c'est intéressant mais ",
  ];
  const after = ['', ' merci', ' au revoir', " d'accord", ' ok', ' madame'];
  const questions = [null, MINUTES, DISTURB, DAY, "Vous n'êtes pas intéressé ?"];

  it.each(refusals)('"%s" is never consent, whatever stands around it', (refusal) => {
    const taken = before.flatMap((start) =>
      after.flatMap((end) =>
        questions
          .map((question) => ({ said: `${start}${refusal}${end}`, question }))
          .filter(({ said, question }) => classifyLocally(said, question).intent === 'affirm'),
      ),
    );
    expect(
      taken.filter(({ said, question }) => !(question === DISTURB && said.includes('mais non'))),
    ).toEqual([]);
  });
});

describe('the question asked', () => {
  it('turns a bare answer round after "est-ce que je vous dérange ?"', () => {
    expect(intentOf('non', DISTURB)).toBe('affirm');
    expect(intentOf('oui', DISTURB)).toBe('deny');
    expect(intentOf('non', MINUTES)).toBe('deny');
    expect(intentOf('oui', MINUTES)).toBe('affirm');
  });

  it('does not turn a full refusal round', () => {
    expect(intentOf('non merci', DISTURB)).toBe('deny');
    expect(intentOf("non ça ne m'intéresse pas", DISTURB)).toBe('deny');
  });

  it('makes a day an answer only where a day was asked for', () => {
    expect(intentOf('jeudi matin', DAY)).toBe('affirm');
    expect(intentOf('jeudi matin', MINUTES)).toBe('not_understood');
  });

  it('takes a yes to a negated question for unclear, "si" for consent', () => {
    expect(intentOf('oui', "Vous n'êtes pas intéressé ?")).not.toBe('affirm');
    expect(intentOf('si', "Vous n'êtes pas intéressé ?")).toBe('affirm');
    expect(intentOf('non', "Vous n'êtes pas intéressé ?")).toBe('deny');
  });
});

describe('the edges', () => {
  it('takes nothing for silence', () => {
    expect(classifyLocally('', null)).toEqual({ intent: 'silence', confidence: 1, method: 'rule' });
    expect(intentOf(' … ')).toBe('silence');
    expect(intentOf('[unk]')).toBe('silence');
  });

  it('does not guess about what it does not know', () => {
    expect(intentOf('les poireaux sont dans la soupe')).toBe('not_understood');
    expect(intentOf('d'.repeat(5000))).toBe('not_understood');
  });

  it('says which path decided', () => {
    expect(classifyLocally('stop', null).method).toBe('rule');
    expect(classifyLocally('oui', null).method).toBe('local');
  });

  it('puts a reason above the bare answer beside it', () => {
    expect(intentOf("oui mais c'est trop cher")).toBe('objection');
    expect(intentOf("non c'est trop cher")).toBe('objection');
    expect(intentOf('oui mais combien ça coûte')).toBe('question');
    expect(intentOf('non rappelez-moi demain')).toBe('callback');
    expect(intentOf('je veux bien mais non')).toBe('deny');
  });
});

it('takes no yes to the offer to opt out for consent', () => {
  const offer = 'Voulez-vous que nous retirions votre numéro de nos listes ?';
  expect(classifyLocally('oui je veux bien', offer)).toMatchObject({ intent: 'opt_out', method: 'rule' });
  expect(classifyLocally('non', offer).intent).toBe('affirm');
});
