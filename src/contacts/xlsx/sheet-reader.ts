import type { TableRow } from '../contact-table.ts';
import { damaged } from './archive.ts';
import { PLAIN, showNumber } from './number-formats.ts';
import { isTrue, unescaped, type Workbook } from './workbook.ts';
import type { XmlListener } from './xml.ts';

/** Excel's own limit. */
const MAX_ROWS = 1_048_576;
/** What stands further to the right is put together: no file of contacts is that wide, and rows stay small. */
const MAX_CELLS = 1000;
/** Far above what a field may have; a row is read before it is judged. */
const MAX_CELL_CHARACTERS = 32_767;

interface Cell {
  column: number;
  type: string;
  style: number;
}

/**
 * Listens to a sheet's XML and gathers its rows. A formula counts as the value that the workbook keeps for it, which is what
 * people saw when they saved it; where there is none, as its own text, which no field accepts. A merged cell has its value in
 * its first place only.
 */
export class SheetReader implements XmlListener {
  private rows: TableRow[] = [];
  private line = 0;
  private isHidden = false;
  private cells: string[] = [];
  private cell: Cell | null = null;
  private inside: 'v' | 'f' | 't' | null = null;
  private isPronunciation = false;
  private value = '';
  private formula: string | null = null;

  constructor(private readonly workbook: Workbook) {}

  /** The rows since the last time that have something on them. */
  take(): TableRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') this.openRow(attributes);
    else if (name === 'c') this.openCell(attributes);
    else if (this.cell === null) return;
    else if (name === 'v' || name === 'f') this.inside = name;
    else if (name === 'rPh') this.isPronunciation = true;
    else if (name === 't' && !this.isPronunciation) this.inside = 't';
    if (name === 'f') this.formula = '';
  }

  close(name: string): void {
    if (name === 'row') this.closeRow();
    else if (name === 'c') this.closeCell();
    else if (name === 'v' || name === 'f' || name === 't') this.inside = null;
    else if (name === 'rPh') this.isPronunciation = false;
  }

  text(text: string): void {
    if (this.inside === null) return;
    if (this.inside === 'f') this.formula = ((this.formula ?? '') + text).slice(0, MAX_CELL_CHARACTERS);
    else this.value = (this.value + text).slice(0, MAX_CELL_CHARACTERS);
  }

  private openRow({ r: line, hidden }: Readonly<Record<string, string>>): void {
    this.line = line === undefined ? this.line + 1 : Number(line);
    if (!(this.line >= 1 && this.line <= MAX_ROWS)) throw damaged(`it has a row ${String(line)}`);
    this.isHidden = isTrue(hidden);
    this.cells = [];
  }

  private closeRow(): void {
    if (this.cells.some((cell) => cell.trim() !== '')) {
      this.rows.push({ cells: this.cells, line: this.line, isHidden: this.isHidden });
    }
    this.cells = [];
  }

  private openCell({ r: place, t: type, s: style }: Readonly<Record<string, string>>): void {
    const column = place === undefined ? this.cells.length : columnOf(place);
    this.cell = { column, type: type ?? 'n', style: Number(style ?? 0) };
    this.value = '';
    this.formula = null;
  }

  private closeCell(): void {
    const { cell } = this;
    this.cell = null;
    this.inside = null;
    if (cell === null) return;
    const text = this.textOf(cell);
    // Cells that are coloured and empty make a row no wider.
    if (text === '') return;
    const column = Math.min(cell.column, MAX_CELLS);
    while (this.cells.length < column) this.cells.push('');
    this.cells[column] = cell.column > MAX_CELLS ? `${this.cells[column] ?? ''} ${text}`.trim() : text;
  }

  private textOf({ type, style }: Cell): string {
    const { value, formula } = this;
    if (formula !== null && value === '' && type !== 'str') return `=${formula}`;
    switch (type) {
      case 's': {
        const text = this.workbook.strings.at(Number(value));
        if (value !== '' && text === undefined) throw damaged(`a cell of row ${this.line} has no text`);
        return text ?? '';
      }
      case 'b':
        return value === '' ? '' : String(isTrue(value));
      case 'n':
        return showNumber(value, this.workbook.formats[style] ?? PLAIN, this.workbook.is1904);
      default:
        return unescaped(value);
    }
  }
}

/** `C7` → 2. */
function columnOf(place: string): number {
  const letters = /^[A-Z]{1,3}(?=\d+$)/.exec(place)?.[0];
  if (letters === undefined) throw damaged(`it has a cell ${place.slice(0, 20)}`);
  return letters.split('').reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
