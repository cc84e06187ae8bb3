import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../src/db/client.ts';
import { findContactByPhone, listContactsForCampaign, upsertContacts } from '../../../src/db/contacts.ts';
import { contactInput, fictionPhone, oppose, isOpposed } from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';

let database: Database;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

it('tells new numbers from known ones and from repetitions in the same batch', async () => {
  const { db } = database;
  await upsertContacts(db, [contactInput(fictionPhone(1))]);

  const counts = await upsertContacts(
    db,
    [1, 2, 3, 3].map((n) => contactInput(fictionPhone(n))),
  );

  expect(counts).toEqual({ inserted: 2, duplicates: 2 });
});

it('completes a known contact and erases nothing', async () => {
  const { db } = database;
  const phone = fictionPhone(1);
  await upsertContacts(db, [contactInput(phone, { firstName: 'Zoé', company: 'Alpha', tags: ['or'] })]);
  await upsertContacts(db, [
    contactInput(phone, { lastName: 'Petit', tags: ['vip'] }),
    contactInput(phone, { company: 'Beta', tags: ['or'] }),
  ]);

  expect(await findContactByPhone(db, phone)).toMatchObject({
    firstName: 'Zoé',
    lastName: 'Petit',
    company: 'Beta',
    tags: ['or', 'vip'],
    status: 'pending',
  });
});

it('refuses what is not a number in E.164', async () => {
  await expect(upsertContacts(database.db, [contactInput('0199000001')])).rejects.toThrow();
  expect(await upsertContacts(database.db, [])).toEqual({ inserted: 0, duplicates: 0 });
});

it('drops NUL characters, which Postgres cannot store', async () => {
  const { db } = database;
  await upsertContacts(db, [contactInput(fictionPhone(1), { firstName: 'A\0na', tags: ['a\0b'] })]);
  expect(await findContactByPhone(db, fictionPhone(1))).toMatchObject({ firstName: 'Ana', tags: ['ab'] });
});

it('pages through the contacts that carry one of the tags, and leaves out whose data were removed', async () => {
  const { db } = database;
  await upsertContacts(
    db,
    [1, 2, 3, 4, 5].map((n) => contactInput(fictionPhone(n), { tags: n === 2 ? ['autre'] : ['or'] })),
  );
  await db.execute(
    sql`update contacts set phone = 'erased-' || id, erased_at = now() where phone = ${fictionPhone(4)}`,
  );

  const seen: string[] = [];
  for (let afterId = 0; ;) {
    const page = await listContactsForCampaign(db, { tags: ['or', 'vip'], afterId, batch: 2 });
    if (page.length === 0) break;
    seen.push(...page.map((row) => row.phone));
    afterId = page.at(-1)?.id ?? 0;
  }

  expect(seen).toEqual([fictionPhone(1), fictionPhone(3), fictionPhone(5)]);
});

it('keeps the first entry of a number on the opposition list', async () => {
  const { db, pool } = database;
  const phone = fictionPhone(1);
  expect(await isOpposed(db, phone)).toBe(false);

  await oppose(db, phone, 'opt_out');
  await oppose(db, phone, 'import');

  expect(await isOpposed(db, phone)).toBe(true);
  expect((await pool.query('select reason from oppositions')).rows).toEqual([{ reason: 'opt_out' }]);
});
