/** What spreadsheets take for a formula. A phone number with `+` is none. */
const FORMULA = /^[=@\t\r]|^[+-](?![\d\s.()-]*$)/;

/** One line of a CSV file, its line break included; no cell becomes a formula in a spreadsheet. */
export function csvLine(cells: readonly string[], delimiter = ','): string {
  return `${cells.map(csvCell).join(delimiter)}\n`;
}

function csvCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",;|\t\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
