import { z } from 'zod';

/** One line of the simulator's record, as far as the bench reads it. `atMs` is by the simulator's clock. */
export const recordLine = z.object({
  atMs: z.number(),
  type: z.string(),
  uuid: z.string().optional(),
  ok: z.boolean().optional(),
  failures: z.array(z.string()).optional(),
});

export type RecordLine = z.infer<typeof recordLine>;

/** One call as its callee had it, by the switch's account. */
export interface SeenCall {
  /** What the callee did not find as it should be; null when the switch does not say. */
  failures: string[] | null;
  /** Callee begins to speak over a prompt → prompt silent. */
  bargeInMs: number[];
  /** Callee has answered a prompt → next prompt begins. */
  replyMs: number[];
}

/** The calls of a record by channel UUID. Measured outside the worker: what it misses, this shows. */
export function callsSeen(record: readonly RecordLine[]): Map<string, SeenCall> {
  const watchers = new Map<string, CallWatcher>();
  for (const line of record) {
    if (line.uuid === undefined) continue;
    let watcher = watchers.get(line.uuid);
    if (watcher === undefined) {
      watcher = new CallWatcher();
      watchers.set(line.uuid, watcher);
    }
    watcher.note(line);
  }
  return new Map([...watchers].map(([uuid, { seen }]) => [uuid, seen]));
}

class CallWatcher {
  readonly seen: SeenCall = { failures: null, bargeInMs: [], replyMs: [] };
  private hasHeardPrompt = false;
  private isPlaying = false;
  private spokenOverSinceMs: number | null = null;
  private spokenAtMs: number | null = null;

  note({ type, atMs, failures }: RecordLine): void {
    switch (type) {
      case 'playback-started':
        this.hasHeardPrompt = true;
        this.isPlaying = true;
        if (this.spokenAtMs !== null) this.seen.replyMs.push(atMs - this.spokenAtMs);
        this.spokenAtMs = null;
        return;
      case 'playback-paused':
        this.noteSilence(atMs);
        return;
      case 'playback-ended':
        this.isPlaying = false;
        this.noteSilence(atMs);
        return;
      case 'speech-started':
        this.spokenOverSinceMs = this.isPlaying ? atMs : null;
        return;
      case 'speech-ended':
        // The greeting after the answer is no turn.
        if (this.hasHeardPrompt) this.spokenAtMs = atMs;
        return;
      case 'verdict':
        this.seen.failures = failures ?? [];
        return;
      default:
        return;
    }
  }

  private noteSilence(atMs: number): void {
    if (this.spokenOverSinceMs !== null) this.seen.bargeInMs.push(atMs - this.spokenOverSinceMs);
    this.spokenOverSinceMs = null;
  }
}
