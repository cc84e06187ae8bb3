import { eq } from 'drizzle-orm';
import type { Executor } from '../../../src/db/client.ts';
import { calls, campaigns, contacts } from '../../../src/db/schema.ts';
import type { Call } from '../../../src/db/schema.ts';
import { finishedCalls } from '../../helpers/recorded-call.ts';

/** What an attacker may have had imported, or what a recogniser may have written. */
export const HOSTILE = {
  firstName: '=HYPERLINK("http://example.invalid";"clic")',
  lastName: '@SUM(1;1)',
  company: 'Dupont, "Fils"; & <Co>',
  transcription: '=oui\u0007 je_x0041_\r\n+33 199',
};

/** Times on the clock of Paris: 26/11 10:00, 10:30 and 23:30, 27/11 00:30. */
const ENDED_AT = [
  '2026-11-26T09:00:05.250Z',
  '2026-11-26T09:30:00.000Z',
  '2026-11-26T22:30:00.000Z',
  '2026-11-26T23:30:00.000Z',
].map((text) => new Date(text));

/** A finished campaign of four calls, named “Or janvier”: three successes and one `busy`, which nobody answered. */
export async function exportedCampaign(db: Executor): Promise<{ campaignId: number; made: Call[] }> {
  const made = await finishedCalls(db, { endedAt: ENDED_AT, directory: null });
  const [first, second] = made;
  if (first === undefined || second === undefined) throw new Error('calls are needed');
  for (const { id, endedAt } of made) {
    await db
      .update(calls)
      .set({ startedAt: new Date((endedAt?.getTime() ?? 0) - 5_250) })
      .where(eq(calls.id, id));
  }
  const { transcription, ...names } = HOSTILE;
  await db.update(contacts).set(names).where(eq(contacts.id, first.contactId));
  await db
    .update(calls)
    .set({ transcription, amdResult: 'HUMAN', currentStep: 'bye' })
    .where(eq(calls.id, first.id));
  await db
    .update(calls)
    .set({
      result: 'busy',
      answeredAt: null,
      durationMs: null,
      transcription: null,
      attempt: 2,
      retryCount: 1,
    })
    .where(eq(calls.id, second.id));
  await db.update(campaigns).set({ name: 'Or janvier' }).where(eq(campaigns.id, first.campaignId));
  return { campaignId: first.campaignId, made };
}
