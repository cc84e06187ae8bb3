import type { CommandContext } from '../command-context.ts';
import { withDatabase } from '../resources.ts';

/** Opening the database brings it to this version's schema; there is nothing more to do. */
export async function runMigrate(context: CommandContext): Promise<undefined> {
  await withDatabase(context, () => Promise.resolve());
  if (context.json) context.terminal.printJson({ migrated: true });
  else context.terminal.print(context.messages.migrate.done);
  return undefined;
}
