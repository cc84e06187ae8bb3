import type { Executor } from '../src/db/client.ts';
import { upsertContacts, type ContactInput } from '../src/db/contacts.ts';

const BATCH = 5_000;

/** Stores people below the importer, which would refuse some of their numbers. */
export async function storePeople(
  db: Executor,
  count: number,
  person: (n: number) => ContactInput,
  signal: AbortSignal,
): Promise<void> {
  for (let first = 0; first < count; first += BATCH) {
    signal.throwIfAborted();
    const size = Math.min(BATCH, count - first);
    await upsertContacts(
      db,
      Array.from({ length: size }, (_, n) => person(first + n)),
    );
  }
}
