import { DateTime } from 'luxon';

/** No zone has changed its offset within one. */
const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
/** Of 1970-01-01, as spreadsheets number days. */
const EPOCH_DAY = 25_569;

/** Reads moments on one zone's clock. Made for many that lie close together: an offset is looked up once a quarter of an hour. */
export class LocalClock {
  private quarter = Number.NaN;
  private offsetMs = 0;

  constructor(readonly timeZone: string) {}

  /** `2026-11-26 14:03:09`, rounded down to the second. */
  text(moment: Date): string {
    return new Date(this.shifted(moment)).toISOString().slice(0, 19).replace('T', ' ');
  }

  /** Days since 1899-12-30, to the second: a spreadsheet's date. */
  serial(moment: Date): number {
    return EPOCH_DAY + (Math.floor(this.shifted(moment) / 1000) * 1000) / DAY_MS;
  }

  private shifted(moment: Date): number {
    const atMs = moment.getTime();
    const quarter = Math.floor(atMs / QUARTER_MS);
    if (quarter !== this.quarter) {
      this.quarter = quarter;
      this.offsetMs = DateTime.fromMillis(atMs, { zone: this.timeZone }).offset * 60_000;
    }
    return atMs + this.offsetMs;
  }
}
