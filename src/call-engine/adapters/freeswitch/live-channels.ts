import type { LiveChannel } from '../../ports.ts';

/** A row of `show channels as json` with the mark that tells whose channel it is. */
export interface ChannelRow {
  mark: string;
  channel: LiveChannel;
}

/** Reads `show channels as json`; null when the text is something else. Without channels there are no `rows`. */
export function readChannelRows(text: string): ChannelRow[] | null {
  let listing: unknown;
  try {
    listing = JSON.parse(text);
  } catch {
    // An `-ERR …` line: the caller reports it.
    return null;
  }
  if (!isRecord(listing) || !('row_count' in listing)) return null;
  const { rows } = listing;
  if (rows === undefined) return [];
  if (!Array.isArray(rows)) return null;
  return rows.filter(isRecord).map(readRow);
}

function readRow(row: Record<string, unknown>): ChannelRow {
  const createdSeconds = Number(textOf(row['created_epoch']) || Number.NaN);
  return {
    mark: textOf(row['presence_data']),
    channel: {
      channelUuid: textOf(row['uuid']),
      createdAt: Number.isFinite(createdSeconds) ? new Date(createdSeconds * 1000) : null,
      answered: textOf(row['callstate']) === 'ACTIVE',
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
