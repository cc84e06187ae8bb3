import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { listObjectionThemes, loadObjectionTheme } from '../../../../src/call-engine/objections/load.ts';
import { frenchWords } from '../../../../src/call-engine/intent/normalize.ts';
import { readTsv } from '../../../helpers/tsv.ts';

const SHIPPED = fileURLToPath(new URL('../../../../objections', import.meta.url));
const MOST_WORDS = 45;
const MOST_SENTENCES = 3;
const INVESTMENTS = new Set(['finance', 'crypto', 'or', 'vin']);

const canon = await readTsv(new URL('../../../fixtures/objections-canon.tsv', import.meta.url));
const names = await listObjectionThemes(SHIPPED);
const themes = await Promise.all(names.map((name) => loadObjectionTheme(SHIPPED, name)));
const all = themes.flatMap(({ theme, objections }) =>
  objections.map((objection) => ({ theme, ...objection })),
);

describe('the shipped objections', () => {
  it('are those of the canonical list, in its order, under its names', () => {
    const shipped = all.map(({ theme, id, objection, category, audioFile }) => ({
      theme,
      id,
      objection,
      category,
      audio_file: audioFile,
    }));
    const byTheme = (rows: Record<string, string>[]): Record<string, string>[] =>
      rows.toSorted((a, b) => (a['theme'] ?? '').localeCompare(b['theme'] ?? ''));
    expect(byTheme(shipped)).toEqual(byTheme(canon));
    expect(all).toHaveLength(148);
  });

  it.each(all)('$theme/$id is said in several ways', ({ objection, phrasings }) => {
    expect(phrasings.length).toBeGreaterThanOrEqual(15);
    const said = [objection, ...phrasings].map((text) => text.toLowerCase());
    expect(new Set(said).size).toBe(said.length);
  });

  it.each(themes)('a phrase of $theme means one thing', ({ objections, none }) => {
    const said = [...objections.flatMap(({ objection, phrasings }) => [objection, ...phrasings]), ...none];
    const keys = said.map((text) => frenchWords(text).join(' '));
    expect(keys.filter((key, at) => keys.indexOf(key) < at)).toEqual([]);
  });

  it('stand for standard objections that exist', () => {
    const standard = new Set(all.filter(({ theme }) => theme === 'standard').map(({ id }) => id));
    const named = all.flatMap(({ insteadOf }) => insteadOf);
    expect(named.filter((id) => !standard.has(id))).toEqual([]);
    expect(named).toContain('too_expensive');
  });

  it.each(all)('$theme/$id is answered briefly', ({ response }) => {
    expect(response.split(/\s+/).filter((word) => /\p{L}|\d/u.test(word)).length).toBeLessThanOrEqual(
      MOST_WORDS,
    );
    expect(response.match(/[.!?](?=\s|$)/g)?.length ?? 0).toBeLessThanOrEqual(MOST_SENTENCES);
    expect(response).toMatch(/[.?!]$/);
  });

  it.each(all)('$theme/$id promises nothing and presses nobody', ({ response }) => {
    expect(response).not.toMatch(
      /\d|%|jamais perdu|sans (aucun )?risque|gratuit|meilleur moment|offre limitée|dernière chance|dépêchez/i,
    );
    expect(response).not.toMatch(/GoldInvest/);
  });

  it.each(all)('a yes to the answer of $theme/$id means going on', ({ response }) => {
    const question = /[^.!?]*\?/.exec(response)?.[0] ?? '';
    expect(question).not.toMatch(/arrête|restions|rester là|vous laisse|raccroche|dérange/);
  });

  it.each(
    all.filter(({ theme, id }) => INVESTMENTS.has(theme) && ['risky', 'volatile', 'returns'].includes(id)),
  )('$theme/$id says that money can be lost', ({ response }) => {
    expect(response).toMatch(/perd|perte/);
  });

  it('tell the truth about the machine, and let a refusal be one', () => {
    const find = (id: string): string =>
      all.find((item) => item.theme === 'standard' && item.id === id)?.response ?? '';
    expect(find('is_robot')).toMatch(
      /^Oui, la voix que vous entendez est enregistrée et c'est un système automatique/,
    );
    expect(find('not_interested')).not.toContain('?');
  });
});
