import type { ExportedCall } from '../../db/exported-calls.ts';
import type { CallColumn, ColumnValue } from '../call-columns.ts';
import type { LocalClock } from '../local-clock.ts';
import type { Cell, Sheet } from '../xlsx/sheet.ts';

/**
 * All calls, on as many sheets as they need: `Calls`, `Calls 2` … `rowsPerSheet` counts the headings. The pages are read on from
 * sheet to sheet: the sheets have to be written in their order.
 */
export function callsSheets(
  pages: AsyncGenerator<ExportedCall[]>,
  {
    total,
    columns,
    clock,
    rowsPerSheet,
  }: { total: number; columns: readonly CallColumn[]; clock: LocalClock; rowsPerSheet: number },
): Sheet[] {
  const perSheet = rowsPerSheet - 1;
  const calls = new CallReader(pages);
  const head: Cell[] = columns.map(({ name }) => ({ value: name, style: 'heading' }));
  return Array.from({ length: Math.max(1, Math.ceil(total / perSheet)) }, (_, index): Sheet => {
    const count = Math.min(perSheet, total - index * perSheet);
    return {
      name: index === 0 ? 'Calls' : `Calls ${index + 1}`,
      widths: columns.map(({ width }) => width),
      filter: { rows: count + 1 },
      freezesFirstRow: true,
      showsGrid: true,
      charts: [],
      rows: (async function* () {
        yield [head];
        for await (const page of calls.take(count)) {
          yield page.map((exported) =>
            columns.map((column) => cellOf(column, column.valueOf(exported), clock)),
          );
        }
      })(),
    };
  });
}

/** Hands out pages of calls, so many calls at a time. */
class CallReader {
  private rest: ExportedCall[] = [];

  constructor(private readonly pages: AsyncGenerator<ExportedCall[]>) {}

  async *take(count: number): AsyncGenerator<ExportedCall[]> {
    for (let missing = count; missing > 0;) {
      if (this.rest.length === 0) {
        // Not in a for-await, which would end the pages with the sheet.
        const next = await this.pages.next();
        if (next.done === true) return;
        this.rest = next.value;
      }
      const given = this.rest.slice(0, missing);
      this.rest = this.rest.slice(missing);
      missing -= given.length;
      yield given;
    }
  }
}

function cellOf({ kind }: CallColumn, value: ColumnValue, clock: LocalClock): Cell {
  if (value === null || value === '') return null;
  if (value instanceof Date) return { value: clock.serial(value), style: 'moment' };
  if (typeof value === 'number') return { value, style: kind === 'decimal' ? 'decimal' : 'integer' };
  return { value, style: 'text' };
}
