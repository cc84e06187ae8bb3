/** A line of a contact file. */
export interface TableRow {
  cells: readonly string[];
  /** In the file, from 1; of a line that spans several, the last. */
  line: number;
  /** A filter of the workbook hides it. */
  isHidden: boolean;
}

/** A contact file, whatever its format: rows of text, the first of which names the columns. */
export interface ContactTable {
  /** What stands between its columns; null in a workbook. */
  delimiter: string | null;
  /**
   * The rows that have something on them, a page at a time, from the beginning each time it is called. Throws a
   * `ContactFileError` where the file cannot be read on. Memory does not grow with the file.
   */
  pages(): AsyncGenerator<TableRow[]>;
}
