import path from 'node:path';
import {
  listObjectionThemes,
  loadObjectionThemes,
  STANDARD_THEME,
} from '../src/call-engine/objections/load.ts';
import { ObjectionLearner, type ObjectionMatcher } from '../src/call-engine/objections/match.ts';
import type { ObjectionTheme } from '../src/call-engine/objections/schema.ts';
import { loadConfig } from '../src/config.ts';
import type { Bar, Details, Evaluation, EvaluationContext, ScoredRow, Subject } from './evaluation.ts';
import { guideMatch } from './guide-score.ts';
import { isRight, percent, shareOf } from './scores.ts';
import { invalidLine, type TsvRow } from './tsv.ts';

/** Nothing fits. */
const NONE = 'none';
const METHOD = 'phrases';
const MOST_MISTAKES_SHOWN = 12;
const { minScore } = loadConfig({}).objections;
/** The parts of a corpus ask for the same themes. */
const learner = new ObjectionLearner();
/** The callee is asked again. */
const COST_OF_NO_ANSWER = 0.5;
/** An answer to something that nobody said. */
const COST_OF_WRONG_ANSWER = 1;

/** Which objection is raised, with the themes that ship and the score that ships as least. */
export const objections: Evaluation = {
  name: 'objections',
  description: 'which objection is raised (TSV: theme, text, expected_id)',
  columns: ['theme', 'text', 'expected_id'],
  defaultFile: 'test/corpus/objections-held-out.tsv',
  prepare: subjectOf,
};

interface Theme {
  themes: readonly ObjectionTheme[];
  match: ObjectionMatcher;
}

async function subjectOf({ root, rows, file }: EvaluationContext): Promise<Subject> {
  const byName = await loadThemes(path.join(root, 'objections'), rows, file);
  const themeOf = ({ line, columns }: TsvRow): Theme => {
    const theme = byName.get((columns['theme'] ?? '').trim());
    if (theme === undefined) throw invalidLine(file, line, `theme "${columns['theme'] ?? ''}" is not loaded`);
    return theme;
  };
  return {
    expected: rows.map((row) => expectedId(row, themeOf(row), file)),
    predict: (row) => {
      const { themes, match } = themeOf(row);
      const found = match(row.columns['text'] ?? '');
      return found === null
        ? { predicted: NONE, score: 0, method: METHOD }
        : { predicted: shortId(found.objectionId, themes), score: found.score, method: METHOD };
    },
    costOf: costOfObjection,
    classOf: ({ expected, predicted }) => ({
      actual: expected === NONE ? 'nothing fits' : 'objection',
      taken: outcomeOf(expected, predicted),
    }),
    bars: barsOf,
    details: (scored) => [
      byThemeOf(scored),
      mistakesOf(scored),
      guideOf(scored, (row) => themeOf(row).themes),
    ],
  };
}

async function loadThemes(
  directory: string,
  rows: readonly TsvRow[],
  file: string,
): Promise<Map<string, Theme>> {
  const known = await listObjectionThemes(directory);
  const byName = new Map<string, Theme>();
  for (const { line, columns } of rows) {
    const name = (columns['theme'] ?? '').trim();
    if (byName.has(name)) continue;
    if (!known.includes(name)) {
      throw invalidLine(file, line, `"${name}" is no theme: write one of ${known.join(', ')}`);
    }
    const themes = await loadObjectionThemes({ directory, theme: name });
    byName.set(name, { themes, match: await learner.matcher({ themes, voice: 'demo', minScore }) });
  }
  return byName;
}

/** The label as `predict` writes it; `or/risky` may be written out, and `risky` is the first theme's. */
function expectedId({ line, columns }: TsvRow, { themes }: Theme, file: string): string {
  const label = (columns['expected_id'] ?? '').trim();
  if (label === NONE) return NONE;
  const ids = themes.flatMap(({ theme, objections: all }) => all.map(({ id }) => `${theme}/${id}`));
  const full = ids.find((id) => id === label || id.endsWith(`/${label}`));
  if (full === undefined) {
    const names = themes.map(({ theme }) => theme).join(' nor ');
    throw invalidLine(file, line, `neither ${names} holds an objection "${label}" (or write ${NONE})`);
  }
  return shortId(full, themes);
}

/** `or/risky` → `risky`; a standard objection whose id the scenario's own theme has too keeps its theme. */
function shortId(objectionId: string, themes: readonly ObjectionTheme[]): string {
  const [theme = '', id = ''] = objectionId.split('/');
  const own = themes.find(({ objections: all }) => all.some((objection) => objection.id === id));
  return own?.theme === theme ? id : `${STANDARD_THEME}/${id}`;
}

/** What it costs to act on `predicted` where `expected` was meant. */
export function costOfObjection(expected: string, predicted: string): number {
  if (expected === predicted) return 0;
  return predicted === NONE ? COST_OF_NO_ANSWER : COST_OF_WRONG_ANSWER;
}

/** 149 ids make no readable matrix: what counts is how it went wrong. */
function outcomeOf(expected: string, predicted: string): string {
  if (predicted === NONE) return NONE;
  return expected === predicted ? 'that one' : 'another one';
}

function barsOf(rows: readonly ScoredRow[]): Bar[] {
  const { found, mistaken } = sharesOf(rows);
  return [
    { name: 'objection found (top-1)', measured: found, limit: 0.8, direction: 'at-least' },
    { name: 'something found where nothing fits', measured: mistaken, limit: 0.08, direction: 'at-most' },
  ];
}

/** Null where no row speaks for it. */
function sharesOf(rows: readonly Pick<ScoredRow, 'expected' | 'predicted'>[]): {
  found: number | null;
  mistaken: number | null;
} {
  const fitting = rows.filter(({ expected }) => expected !== NONE);
  const unfitting = rows.filter(({ expected }) => expected === NONE);
  return {
    found: shareOf(fitting, isRight),
    mistaken: shareOf(unfitting, ({ predicted }) => predicted !== NONE),
  };
}

function byThemeOf(rows: readonly ScoredRow[]): Details {
  const themes = [...new Set(rows.map(({ row }) => row.columns['theme']?.trim() ?? ''))].sort();
  return {
    title: 'By theme',
    head: ['theme', 'rows', 'right', 'found', 'found where nothing fits'],
    rows: themes.map((theme) => {
      const own = rows.filter(({ row }) => row.columns['theme']?.trim() === theme);
      const { found, mistaken } = sharesOf(own);
      return [theme, String(own.length), ...[shareOf(own, isRight), found, mistaken].map(shown)];
    }),
  };
}

function mistakesOf(rows: readonly ScoredRow[]): Details {
  const counts = new Map<string, { expected: string; predicted: string; count: number }>();
  for (const { expected, predicted } of rows) {
    if (expected === predicted) continue;
    const key = `${expected} ${predicted}`;
    counts.set(key, { expected, predicted, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const most = [...counts.values()].sort((a, b) => b.count - a.count).slice(0, MOST_MISTAKES_SHOWN);
  return {
    title: 'Most frequent mistakes',
    head: ['meant', 'taken for', 'rows'],
    rows: most.map(({ expected, predicted, count }) => [expected, predicted, String(count)]),
  };
}

function guideOf(rows: readonly ScoredRow[], themesOf: (row: TsvRow) => readonly ObjectionTheme[]): Details {
  const guided = rows.map(({ row, expected }) => {
    const themes = themesOf(row);
    const found = guideMatch(themes, row.columns['text'] ?? '', minScore);
    return { expected, predicted: found === null ? NONE : shortId(found, themes) };
  });
  return {
    title: `For comparison: the guide's formula (0.7 sequence similarity + 0.3 shared words), at the same least score`,
    head: ['', 'right', 'found', 'found where nothing fits'],
    rows: [
      { name: 'this matcher', verdicts: rows },
      { name: 'the formula', verdicts: guided },
    ].map(({ name, verdicts }) => {
      const { found, mistaken } = sharesOf(verdicts);
      return [name, ...[shareOf(verdicts, isRight), found, mistaken].map(shown)];
    }),
  };
}

function shown(share: number | null): string {
  return share === null ? '–' : percent(share);
}
