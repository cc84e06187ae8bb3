/** Visible Latin text in composed form with plain spaces: nothing to clean, and by far the most frequent. */
const PLAIN = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u017f]*$/;
/** `#N/A`, `#REF!`, `#VALEUR!`: a spreadsheet could not calculate what stood here. */
const SPREADSHEET_ERROR =
  /^#(?:N\/[AD]|REF|VALUE|VALEUR|NAME|NOM|DIV\/0|NULL|NUL|NUM|NOMBRE|CALC|SPILL|PROPAGATION|BUSY|GETTING_DATA)[!?]?$/i;

/** One line of visible text: no control or direction characters, single spaces. */
export function clean(text: string): string {
  if (PLAIN.test(text) && !text.includes('  ')) return text.trim();
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * Without what keeps spreadsheets from changing it: `="0612…"`, and the apostrophe that our own files have before what could be
 * a formula.
 */
export function unprotected(cell: string): string {
  if (cell.startsWith('="') && cell.endsWith('"') && cell.length > 2) return cell.slice(2, -1);
  return /^'\s*[=@\t\r\n+\-\uff0b\uff0d\uff1d\uff20]/.test(cell) ? cell.slice(1) : cell;
}

export type SpreadsheetProblem =
  /** A formula of which only the formula is there, or one that somebody slipped in. */
  | 'formula'
  /** What a spreadsheet writes where it could not calculate. */
  | 'spreadsheet_error';

export function spreadsheetProblemOf(text: string): SpreadsheetProblem | null {
  if (text.startsWith('=')) return 'formula';
  return text.startsWith('#') && SPREADSHEET_ERROR.test(text) ? 'spreadsheet_error' : null;
}
