import { expect } from 'vitest';
import type { SimulatorRecordEntry } from './simulator.ts';

/** What must hold in every account of the switch, whatever was tested. */
export function expectDecentRecord(record: readonly SimulatorRecordEntry[]): void {
  for (const [uuid, entries] of byChannel(record)) {
    const types = entries.map(({ type }) => type);
    expect(
      types.filter((type) => type === 'originate'),
      `channel ${uuid} is dialled once`,
    ).toHaveLength(1);
    const audioAt = types.indexOf('audio-started');
    const answeredAt = types.indexOf('answered');
    if (audioAt === -1) continue;
    // On a ringing channel it kills the real switch.
    expect(answeredAt, `audio of channel ${uuid} is started after the answer`).toBeGreaterThanOrEqual(0);
    expect(audioAt).toBeGreaterThan(answeredAt);
  }
}

/** Channels that were dialled and have not ended. */
export function channelsLeft(record: readonly SimulatorRecordEntry[]): string[] {
  return [...byChannel(record)]
    .filter(([, entries]) => !entries.some(({ type }) => type === 'hangup'))
    .map(([uuid]) => uuid);
}

/** Most calls that were up or being dialled at one moment. */
export function mostCallsAtOnce(record: readonly SimulatorRecordEntry[]): number {
  let now = 0;
  let most = 0;
  for (const { type } of record) {
    if (type === 'originate') now += 1;
    if (type === 'hangup') now -= 1;
    most = Math.max(most, now);
  }
  return most;
}

/** Milliseconds from first to last of every `count` originates in a row. */
export function originateSpansMs(record: readonly SimulatorRecordEntry[], count: number): number[] {
  const atMs = originates(record).map((entry) => entry.atMs);
  return atMs.slice(count - 1).map((last, index) => last - (atMs[index] ?? last));
}

export function originates(record: readonly SimulatorRecordEntry[]): SimulatorRecordEntry[] {
  return record.filter(({ type }) => type === 'originate');
}

/** What happened to a prompt, by its file's name. */
export function ofPrompt(record: readonly SimulatorRecordEntry[], name: string): SimulatorRecordEntry[] {
  return record.filter(({ file }) => typeof file === 'string' && file.endsWith(`/${name}`));
}

function byChannel(record: readonly SimulatorRecordEntry[]): Map<string, SimulatorRecordEntry[]> {
  const channels = new Map<string, SimulatorRecordEntry[]>();
  for (const entry of record) {
    if (entry.uuid === undefined || entry.type === 'originate-refused') continue;
    channels.set(entry.uuid, [...(channels.get(entry.uuid) ?? []), entry]);
  }
  return channels;
}
