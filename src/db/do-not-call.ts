import { eq } from 'drizzle-orm';
import { doNotCall } from './schema.ts';
import type { Executor } from './client.ts';

export async function isOnDoNotCallList(db: Executor, phone: string): Promise<boolean> {
  const rows = await db.select({ phone: doNotCall.phone }).from(doNotCall).where(eq(doNotCall.phone, phone));
  return rows.length > 0;
}

/** Adds a number; an earlier entry stays as it is. Belongs in the transaction that writes the call's outcome. */
export async function addToDoNotCallList(
  tx: Executor,
  entry: { phone: string; reason: string; sourceCallId: string | null },
): Promise<void> {
  await tx.insert(doNotCall).values(entry).onConflictDoNothing();
}
