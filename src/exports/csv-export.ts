import type { CallColumn, ColumnValue } from './call-columns.ts';
import { callColumns } from './call-columns.ts';
import { csvLine, type CsvSeparator } from './csv.ts';
import { LocalClock } from './local-clock.ts';
import type { ExportSettings, OpenExport } from './open-export.ts';

/** Without it, Excel takes the file for one in the encoding of its computer. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * The calls as CSV, some lines at a time. With `;` it is what a French Excel opens: a byte order mark, decimal commas. Otherwise
 * it is what programs read.
 */
export async function* csvExport(
  source: OpenExport,
  { timeZone, withTranscriptions }: Pick<ExportSettings, 'timeZone' | 'withTranscriptions'>,
  separator: CsvSeparator,
): AsyncGenerator<string> {
  const columns = callColumns({ withTranscriptions });
  const clock = new LocalClock(timeZone);
  const isForExcel = separator === ';';
  const textOf = (column: CallColumn, value: ColumnValue): string => {
    if (value === null) return '';
    if (value instanceof Date) return clock.text(value);
    const text = String(value);
    return isForExcel && column.kind === 'decimal' ? text.replace('.', ',') : text;
  };
  const head = csvLine(
    columns.map(({ name }) => name),
    separator,
  );
  yield isForExcel ? BYTE_ORDER_MARK + head : head;
  for await (const page of source.pages({ withSaid: false })) {
    const lines = page.map((exported) =>
      csvLine(
        columns.map((column) => textOf(column, column.valueOf(exported))),
        separator,
      ),
    );
    yield lines.join('');
  }
}
