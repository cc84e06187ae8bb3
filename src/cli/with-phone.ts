import type { CommandContext } from './command-context.ts';
import { phoneArgument } from './phone-argument.ts';
import { withDatabase, type DatabaseResources } from './resources.ts';

interface Person {
  /** E.164. */
  phone: string;
  /** Its fingerprint. */
  subject: string;
}

/** Opens the database for as long as `use` takes, for what concerns one number as people write it. */
export async function withPhone<T>(
  context: CommandContext,
  given: string,
  use: (db: DatabaseResources['db'], person: Person, resources: DatabaseResources) => Promise<T>,
): Promise<T> {
  const phone = phoneArgument(given, context.messages);
  return withDatabase(context, async (resources) => {
    const fingerprint = await resources.fingerprint();
    return use(resources.db, { phone, subject: fingerprint(phone) }, resources);
  });
}
