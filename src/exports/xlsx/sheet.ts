import { looksLikeFormula } from '../csv.ts';
import { STYLE_NUMBERS, type CellStyle } from './styles.ts';
import { cellText, XML_HEAD, xmlText } from './xml.ts';

/** The limit of Excel and LibreOffice. */
export const MAX_ROWS = 1_048_576;
/** Of Excel; LibreOffice takes more. */
const MAX_CELL_LENGTH = 32_767;

/** Null is an empty cell. */
export type Cell = { value: string | number; style: CellStyle } | null;

/** One table from A1 on, or whatever else its rows hold. */
export interface Sheet {
  name: string;
  /** Characters. */
  widths: readonly number[];
  /** The first row stays in sight and can be filtered by; its rows are known when they are written. */
  filter: { rows: number } | null;
  freezesFirstRow: boolean;
  showsGrid: boolean;
  rows: Iterable<readonly Cell[]> | AsyncIterable<readonly (readonly Cell[])[]>;
  charts: readonly PlacedChart[];
}

/** A chart part over the cells from `from` to before `to`, counted from 0. */
export interface PlacedChart {
  xml: string;
  from: { column: number; row: number };
  to: { column: number; row: number };
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The part `xl/worksheets/sheetN.xml`, some rows at a time; rows are never all in memory. */
export async function* sheetXml(sheet: Sheet, { isFirst }: { isFirst: boolean }): AsyncGenerator<string> {
  yield sheetHead(sheet, isFirst);
  let row = 1;
  if (Symbol.asyncIterator in sheet.rows) {
    for await (const page of sheet.rows) {
      yield page.map((cells, index) => rowXml(row + index, cells)).join('');
      row += page.length;
    }
  } else {
    for (const cells of sheet.rows) yield rowXml(row++, cells);
  }
  yield sheetTail(sheet);
}

/** The range that is filtered by, `$A$1:$Q$501`; null without a filter. */
export function filterRange({ filter, widths }: Sheet): string | null {
  return filter === null ? null : `$A$1:$${columnName(widths.length - 1)}$${filter.rows}`;
}

/** In the order that the schema demands: properties, views, columns; data come next. */
function sheetHead({ widths, freezesFirstRow, showsGrid }: Sheet, isFirst: boolean): string {
  const selected = `${showsGrid ? '' : ' showGridLines="0"'}${isFirst ? ' tabSelected="1"' : ''}`;
  const frozen = freezesFirstRow
    ? '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/>'
    : '';
  const columns = widths.map(
    (width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  return `${XML_HEAD}<worksheet xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView${selected} workbookViewId="0">${frozen}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${columns.join('')}</cols><sheetData>`;
}

/** What comes after the data, again in the schema's order. */
function sheetTail(sheet: Sheet): string {
  const range = filterRange(sheet)?.replaceAll('$', '');
  const hasCharts = sheet.charts.length > 0;
  return [
    '</sheetData>',
    range === undefined ? '' : `<autoFilter ref="${range}"/>`,
    '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>',
    `<pageSetup paperSize="9" orientation="landscape" fitToHeight="${hasCharts ? 1 : 0}"/>`,
    // Phone numbers are text on purpose: no green corners.
    range === undefined
      ? ''
      : `<ignoredErrors><ignoredError sqref="${range}" numberStoredAsText="1"/></ignoredErrors>`,
    hasCharts ? '<drawing r:id="rId1"/>' : '',
    '</worksheet>',
  ].join('');
}

function rowXml(row: number, cells: readonly Cell[]): string {
  let xml = `<row r="${row}">`;
  for (const [index, cell] of cells.entries()) {
    if (cell !== null) xml += cellXml(`${columnName(index)}${row}`, cell);
  }
  return `${xml}</row>`;
}

/** Text is written as text and is no formula, whatever it begins with. */
function cellXml(reference: string, { value, style }: NonNullable<Cell>): string {
  if (typeof value === 'number') {
    return `<c r="${reference}" s="${STYLE_NUMBERS[style]}"><v>${value}</v></c>`;
  }
  const shown = looksLikeFormula(value) ? 'quoted' : style;
  const text = cellText(shortened(value));
  const space = /^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : '';
  return `<c r="${reference}" s="${STYLE_NUMBERS[shown]}" t="inlineStr"><is><t${space}>${text}</t></is></c>`;
}

function shortened(text: string): string {
  if (text.length <= MAX_CELL_LENGTH) return text;
  // Half a character at the end becomes U+FFFD like every half one.
  return `${text.slice(0, MAX_CELL_LENGTH - 1)}…`;
}

/** 0 is `A`, 26 is `AA`. */
export function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}

/** A sheet's name as formulas and ranges write it. */
export function quotedName(name: string): string {
  return `'${xmlText(name).replaceAll("'", "''")}'`;
}
