import { open } from 'node:fs/promises';
import { z } from 'zod';

/** One line of the simulator's record; only what is judged here. `atMs` is epoch milliseconds. */
const entrySchema = z.looseObject({
  atMs: z.number(),
  type: z.string(),
  uuid: z.string().optional(),
  number: z.string().optional(),
  cause: z.string().optional(),
  by: z.string().optional(),
});

export type RecordEntry = z.infer<typeof entrySchema>;

/** Reads the simulator's record while it grows. */
export class SwitchRecord {
  readonly entries: RecordEntry[] = [];
  originates = 0;
  private offset = 0;
  private unfinishedLine = '';

  constructor(private readonly file: string) {}

  /** Takes in what was written since the last time. */
  async read(): Promise<void> {
    const handle = await open(this.file);
    try {
      const { size } = await handle.stat();
      const fresh = Buffer.alloc(size - this.offset);
      const { bytesRead } = await handle.read(fresh, 0, fresh.length, this.offset);
      this.offset += bytesRead;
      const lines = (this.unfinishedLine + fresh.toString('utf8', 0, bytesRead)).split('\n');
      this.unfinishedLine = lines.pop() ?? '';
      for (const line of lines) this.take(line);
    } finally {
      await handle.close();
    }
  }

  private take(line: string): void {
    const entry = entrySchema.parse(JSON.parse(line));
    if (!JUDGED.has(entry.type)) return;
    this.entries.push(entry);
    if (entry.type === 'originate') this.originates += 1;
  }
}

/** The rest (playbacks, audio) is left aside: it is most of the record. */
const JUDGED = new Set([
  'originate',
  'originate-refused',
  'ringing',
  'answered',
  'hangup',
  'crash',
  'restarted',
]);
