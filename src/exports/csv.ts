/**
 * What spreadsheets take for a formula, full-width signs and such as hide behind white space included. A phone number with `+`
 * is none, nor is a negative number.
 */
const FORMULA = /^\s*[=@\uff1d\uff20]|^[\t\r\n]|^\s*[+\-\uff0b\uff0d](?![\d\s.()-]*$)/;

export type CsvSeparator = ',' | ';' | '\t';

export function looksLikeFormula(text: string): boolean {
  return FORMULA.test(text);
}

/** One line of a CSV file, its line break included; no cell becomes a formula in a spreadsheet. */
export function csvLine(cells: readonly string[], separator = ','): string {
  return `${cells.map(csvCell).join(separator)}\n`;
}

/** Quoted for every separator: a program that takes the wrong one finds no cell that we did not write. */
function csvCell(text: string): string {
  const harmless = looksLikeFormula(text) ? `'${text}` : text;
  return /[",;|\t\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
