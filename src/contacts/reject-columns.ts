import { simplify } from './columns.ts';

/** What a file of rejected lines says before each of them, in the languages in which it is written. */
export const REJECT_COLUMNS = {
  en: ['rejected_line', 'rejected_column', 'rejected_reason'],
  fr: ['ligne_refusee', 'colonne_refusee', 'raison_du_refus'],
} as const;

const ALL: ReadonlySet<string> = new Set(Object.values(REJECT_COLUMNS).flat());

/** Whether a header is one of them: a file that was mended is imported again with them. */
export function isRejectColumn(header: string): boolean {
  return ALL.has(simplify(header));
}

/** A line without them, so that a line that is rejected again has them once. */
export function withoutRejectColumns(headers: readonly string[], cells: readonly string[]): string[] {
  return cells.filter((_cell, index) => !isRejectColumn(headers[index] ?? ''));
}
