import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeAtomically } from './write-atomically.ts';

/** What is remembered of a recording that was prepared, to know that it need not be prepared again. */
const entry = z.object({
  /** SHA-256 of the source and of the result. */
  source: z.string(),
  result: z.string(),
  settings: z.string(),
  warnings: z.array(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('clipped'), places: z.number() }),
      z.object({ type: z.enum(['short', 'long']), durationMs: z.number() }),
      z.object({ type: z.enum(['silence-before', 'silence-after']), silenceMs: z.number() }),
      z.object({ type: z.literal('level-missed'), wantedDbfs: z.number() }),
    ]),
  ),
});
const file = z.object({ recordings: z.record(z.string(), entry) });

export type SetupEntry = z.infer<typeof entry>;

/** Beside the recordings of a voice; hidden, so that nobody plays it. */
export const SETUP_RECORD = '.setup-audio.json';

/** An unreadable record is as good as none: everything is prepared again. */
export async function readSetupRecord(recordFile: string): Promise<Map<string, SetupEntry>> {
  try {
    const parsed = file.safeParse(JSON.parse(await readFile(recordFile, 'utf8')));
    return new Map(parsed.success ? Object.entries(parsed.data.recordings) : []);
  } catch {
    // The first time, or somebody changed it.
    return new Map();
  }
}

export async function writeSetupRecord(
  recordFile: string,
  recordings: ReadonlyMap<string, SetupEntry>,
): Promise<void> {
  const sorted = [...recordings].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = `${JSON.stringify({ recordings: Object.fromEntries(sorted) }, null, 2)}\n`;
  await writeAtomically(recordFile, Buffer.from(text));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
