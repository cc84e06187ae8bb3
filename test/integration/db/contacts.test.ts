import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../src/db/client.ts';
import { findContactByPhone, listContactsForCampaign, upsertContacts } from '../../../src/db/contacts.ts';
import { addToDoNotCallList, isOnDoNotCallList } from '../../../src/db/do-not-call.ts';
import { contactInput, fictionPhone } from '../../helpers/campaign-fixture.ts';
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

it('pages through the contacts that carry one of the tags, and says who is on the do-not-call list', async () => {
  const { db } = database;
  await upsertContacts(
    db,
    [1, 2, 3, 4, 5].map((n) => contactInput(fictionPhone(n), { tags: n === 2 ? ['autre'] : ['or'] })),
  );
  await addToDoNotCallList(db, { phone: fictionPhone(4), reason: 'opt_out', sourceCallId: null });

  const seen: [string, boolean][] = [];
  for (let afterId = 0; ;) {
    const page = await listContactsForCampaign(db, { tags: ['or', 'vip'], afterId, batch: 2 });
    if (page.length === 0) break;
    seen.push(...page.map((row): [string, boolean] => [row.phone, row.onDoNotCallList]));
    afterId = page.at(-1)?.id ?? 0;
  }

  expect(seen).toEqual([
    [fictionPhone(1), false],
    [fictionPhone(3), false],
    [fictionPhone(4), true],
    [fictionPhone(5), false],
  ]);
});

it('keeps the first entry of a number on the do-not-call list', async () => {
  const { db, pool } = database;
  const phone = fictionPhone(1);
  expect(await isOnDoNotCallList(db, phone)).toBe(false);

  await addToDoNotCallList(db, { phone, reason: 'opt_out', sourceCallId: null });
  await addToDoNotCallList(db, { phone, reason: 'import', sourceCallId: null });

  expect(await isOnDoNotCallList(db, phone)).toBe(true);
  expect((await pool.query('select reason from do_not_call')).rows).toEqual([{ reason: 'opt_out' }]);
});
