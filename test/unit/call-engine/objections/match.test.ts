import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { guideMatch } from '../../../../eval/guide-score.ts';
import { listObjectionThemes, loadObjectionThemes } from '../../../../src/call-engine/objections/load.ts';
import {
  findObjection,
  ObjectionLearner,
  type ObjectionMatcher,
} from '../../../../src/call-engine/objections/match.ts';
import { PhraseClassifier } from '../../../../src/call-engine/objections/phrase-classifier.ts';
import type { Objection, ObjectionTheme } from '../../../../src/call-engine/objections/schema.ts';
import { readTsv } from '../../../helpers/tsv.ts';

const SHIPPED = fileURLToPath(new URL('../../../../objections', import.meta.url));
const MIN_SCORE = 0.5;

const names = await listObjectionThemes(SHIPPED);
const learner = new ObjectionLearner();
const themesOf = new Map<string, ObjectionTheme[]>();
const matchers = new Map<string, ObjectionMatcher>();
for (const theme of names) {
  const themes = await loadObjectionThemes({ directory: SHIPPED, theme });
  themesOf.set(theme, themes);
  matchers.set(theme, await learner.matcher({ themes, voice: 'julie', minScore: MIN_SCORE }));
}
const rows = await readTsv(new URL('../../../fixtures/objections-dev.tsv', import.meta.url));

const match: ObjectionMatcher = (text) => matchers.get('or')?.(text) ?? null;

describe('on test/fixtures/objections-dev.tsv', () => {
  const results = rows.map((row) => {
    const theme = row['theme'] ?? '';
    const id = row['expected_id'] ?? '';
    return {
      text: row['text'] ?? '',
      theme,
      expected: id === 'none' ? null : id.includes('/') ? id : `${theme}/${id}`,
      found: matchers.get(theme)?.(row['text'] ?? '')?.objectionId ?? null,
    };
  });
  const objections = results.filter(({ expected }) => expected !== null);
  const others = results.filter(({ expected }) => expected === null);
  const right = objections.filter(({ found, expected }) => found === expected);

  it('finds the objection at least 85 times in 100', () => {
    expect(objections.length).toBeGreaterThanOrEqual(150);
    expect(right.length / objections.length).toBeGreaterThanOrEqual(0.85);
  });

  it('finds none where there is none, but for at most 8 in 100', () => {
    expect(others.length).toBeGreaterThanOrEqual(40);
    expect(others.filter(({ found }) => found !== null).length / others.length).toBeLessThanOrEqual(0.08);
  });

  it("beats the guide's formula by far", () => {
    const guide = objections.filter(
      ({ theme, text, expected }) => guideMatch(themesOf.get(theme) ?? [], text, MIN_SCORE) === expected,
    );
    expect(right.length).toBeGreaterThan(guide.length * 1.5);
  });
});

describe('a match', () => {
  it('carries what is to be played', () => {
    expect(match("c'est risqué")).toEqual({
      objectionId: 'or/risky',
      score: 1,
      audioPath: 'julie/objections/or_risky.wav',
      responseText: findObjection(themesOf.get('or') ?? [], 'or/risky')?.response,
    });
  });

  it('is found in every canonical phrase, of the own theme and of the standard one', () => {
    const wrong = names.flatMap((name) =>
      (themesOf.get(name) ?? []).flatMap((group) =>
        group.objections
          .map(({ id, objection }) => ({
            id: `${group.theme}/${id}`,
            found: matchers.get(name)?.(objection)?.objectionId,
          }))
          .filter(({ id, found }) => found !== id)
          // The own theme answers what both hold in the same words.
          .filter(({ found }) => group.theme === name || !(found ?? '').startsWith(`${name}/`)),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it("is the own theme's where both themes say the same", () => {
    expect(match("c'est trop cher")?.objectionId).toBe('or/expensive');
    expect(matchers.get('standard')?.("c'est trop cher")?.objectionId).toBe('standard/too_expensive');
  });

  it.each(names)('answers "are you a robot?" truthfully in %s', (theme) => {
    for (const asked of [
      'vous êtes un robot',
      "c'est une machine qui parle",
      'je parle à une vraie personne',
      "c'est une voix enregistrée",
    ]) {
      expect(matchers.get(theme)?.(asked)?.objectionId).toBe('standard/is_robot');
    }
  });

  it('is nothing for nothing, and bounded for anything', () => {
    expect(match('')).toBeNull();
    expect(match('   …')).toBeNull();
    expect(match('zzz '.repeat(10_000))).toBeNull();
    expect(match('euh ben bah')).toBeNull();
  });

  it('needs the score that is asked for', async () => {
    const strict = await learner.matcher({
      themes: themesOf.get('or') ?? [],
      voice: 'julie',
      minScore: 0.99,
    });
    expect(match('franchement ça me paraît risqué')).not.toBeNull();
    expect(strict('franchement ça me paraît risqué')).toBeNull();
  });
});

describe('a theme of the user', () => {
  const objection = (id: string, phrasings: string[], insteadOf: string[] = []): Objection => ({
    id,
    category: 'info',
    objection: phrasings[0] ?? '',
    phrasings: phrasings.slice(1),
    insteadOf,
    response: `réponse ${id}`,
    audioFile: `piscine_${id}.wav`,
  });
  const tooCold = objection('too_cold', [
    'Il fait trop froid ici',
    'chez nous il gèle six mois par an',
    'la saison est trop courte',
    'on ne se baignerait jamais',
  ]);
  const price = objection(
    'price',
    ['Une piscine coûte trop cher', 'une piscine je peux pas me la payer'],
    ['too_expensive'],
  );
  const theme: ObjectionTheme = {
    theme: 'piscine',
    title: 'Piscines',
    none: ['il fait froid ce matin'],
    objections: [tooCold, price],
  };
  const withStandard = [theme, ...(themesOf.get('standard') ?? [])];
  const matcher = (unanswered: Objection[] = []): Promise<ObjectionMatcher> =>
    learner.matcher({
      themes: withStandard,
      unanswered: new Set(unanswered),
      voice: 'julie',
      minScore: MIN_SCORE,
    });

  it('works like one that ships, in other words than it holds', async () => {
    const found = await matcher();
    expect(found('la saison est bien trop courte chez nous')?.objectionId).toBe('piscine/too_cold');
    expect(found("j'ai pas le temps là")?.objectionId).toBe('standard/no_time');
    expect(found("mon frère s'appelle gustave")).toBeNull();
  });

  it('answers the standard objections that its own stand for', async () => {
    const found = await matcher();
    expect(found("c'est beaucoup trop cher pour moi")?.objectionId).toBe('piscine/price');
    expect(found('vos tarifs sont trop élevés')?.objectionId).toBe('piscine/price');
  });

  it('takes what it calls none for nothing', async () => {
    expect((await matcher())('Il fait froid, ce matin')).toBeNull();
  });

  it('is recognised word for word with certainty', async () => {
    expect((await matcher())('chez nous, il gèle six mois par an')).toMatchObject({
      objectionId: 'piscine/too_cold',
      score: 1,
    });
  });

  it('leaves unanswered what nobody recorded, rather than answering something else', async () => {
    const found = await matcher([tooCold, price]);
    expect(found('la saison est trop courte')).toBeNull();
    expect(found('la saison est bien trop courte chez nous')).toBeNull();
    expect(found("c'est beaucoup trop cher pour moi")?.objectionId).toBe('standard/too_expensive');
    expect(found('une piscine je peux pas me la payer')?.objectionId).toBe('standard/too_expensive');
  });

  it('is learnt the same way every time', async () => {
    const said = 'franchement la baignade ici avec ce froid';
    expect(await matcher().then((found) => found(said))).toEqual(
      await matcher().then((found) => found(said)),
    );
  });
});

describe('learning', () => {
  const themes = themesOf.get('vin') ?? [];
  const options = { themes, voice: 'julie', minScore: MIN_SCORE };

  it('is done once for all scenarios of the same themes, and again for what has changed', async () => {
    const learn = vi.spyOn(PhraseClassifier, 'learn');
    const fresh = new ObjectionLearner();
    const [julie, paul] = await Promise.all([
      fresh.matcher(options),
      fresh.matcher({ ...options, voice: 'paul' }),
    ]);
    expect(julie('vos bouteilles sont hors de prix')?.audioPath).toMatch(/^julie/);
    expect(paul('vos bouteilles sont hors de prix')?.audioPath).toMatch(/^paul/);
    expect(learn).toHaveBeenCalledTimes(1);
    const changed = themes.map((theme) => ({
      ...theme,
      none: [...theme.none, 'vos bouteilles sont vertes'],
    }));
    const matcher = await fresh.matcher({ ...options, themes: changed });
    expect(learn).toHaveBeenCalledTimes(2);
    expect(matcher('vos bouteilles sont vertes')).toBeNull();
    learn.mockRestore();
  });

  it('lets calls in flight go on', async () => {
    let turns = 0;
    const own = { ...options, themes: themes.slice(0, 1) };
    const isLearnt = new ObjectionLearner().matcher(own).then(() => true);
    while (!(await Promise.race([isLearnt, new Promise((resolve) => setImmediate(resolve, false))])))
      turns += 1;
    expect(turns).toBeGreaterThan(10);
  });

  it('ends when the learner is closed', async () => {
    const closing = new ObjectionLearner();
    const learning = closing.matcher(options);
    closing.close();
    await expect(learning).rejects.toThrow('the objection learner is closed');
    await expect(closing.matcher(options)).rejects.toThrow('the objection learner is closed');
  });
});

describe('findObjection', () => {
  it('finds by theme and id', () => {
    const themes = themesOf.get('or') ?? [];
    expect(findObjection(themes, 'standard/is_robot')?.audioFile).toBe('standard_is_robot.wav');
    expect(findObjection(themes, 'standard/risky')).toBeNull();
  });
});
