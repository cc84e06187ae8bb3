import type { RecordEntry } from './switch-record.ts';

/** One originate as the switch saw it. Times are epoch milliseconds. */
export interface Channel {
  uuid: string;
  number: string;
  originatedAtMs: number;
  rangAtMs: number | null;
  answeredAtMs: number | null;
  /** Null: it is still there. */
  endedAtMs: number | null;
  /** `CRASH` when it went with the switch. */
  cause: string | null;
  endedBy: string | null;
}

export interface SwitchHistory {
  /** In the order of originating. */
  channels: Channel[];
  /** UUIDs that the switch was asked for more than once, whether it took the order or not. */
  repeated: string[];
  /** Orders to originate that the switch refused. */
  refused: { uuid: string; number: string; atMs: number }[];
}

/** Puts the record's entries together to the life of each channel. */
export function channelsOf(entries: readonly RecordEntry[]): SwitchHistory {
  const channels: Channel[] = [];
  const refused: SwitchHistory['refused'] = [];
  const live = new Map<string, Channel>();
  const asked = new Set<string>();
  const repeated: string[] = [];
  const ask = (uuid: string): void => {
    if (asked.has(uuid)) repeated.push(uuid);
    asked.add(uuid);
  };
  for (const { type, atMs, uuid = '', number = '', cause = null, by = null } of entries) {
    const channel = live.get(uuid);
    switch (type) {
      case 'originate': {
        ask(uuid);
        const created = newChannel(uuid, e164(number), atMs);
        channels.push(created);
        live.set(uuid, created);
        break;
      }
      case 'originate-refused':
        ask(uuid);
        refused.push({ uuid, number: e164(number), atMs });
        break;
      case 'ringing':
        if (channel !== undefined) channel.rangAtMs ??= atMs;
        break;
      case 'answered':
        if (channel !== undefined) channel.answeredAtMs ??= atMs;
        break;
      case 'hangup':
        if (channel === undefined) break;
        end(channel, atMs, cause, by);
        live.delete(uuid);
        break;
      case 'crash':
        for (const lost of live.values()) end(lost, atMs, 'CRASH', 'crash');
        live.clear();
        break;
      default:
    }
  }
  return { channels, repeated, refused };
}

function newChannel(uuid: string, number: string, atMs: number): Channel {
  return {
    uuid,
    number,
    originatedAtMs: atMs,
    rangAtMs: null,
    answeredAtMs: null,
    endedAtMs: null,
    cause: null,
    endedBy: null,
  };
}

function end(channel: Channel, atMs: number, cause: string | null, by: string | null): void {
  channel.endedAtMs = atMs;
  channel.cause = cause;
  channel.endedBy = by;
}

function e164(number: string): string {
  return number.startsWith('+') ? number : `+${number}`;
}
