import { sql } from 'drizzle-orm';
import type { Executor } from './client.ts';

/** Resolves when the database answers. */
export async function pingDatabase(db: Executor): Promise<void> {
  await db.execute(sql`select 1`);
}
