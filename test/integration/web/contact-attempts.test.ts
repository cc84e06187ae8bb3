import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findCampaign } from '../../../src/db/campaigns.ts';
import { BUSY, SUCCESS } from '../../helpers/call-results.ts';
import { CampaignWorld } from '../queues/fixture.ts';
import { oppose } from '../../helpers/campaign-fixture.ts';
import { openWebDoor, type WebDoor } from './fixture.ts';

let world: CampaignWorld;
let door: WebDoor;

beforeEach(async () => {
  world = await CampaignWorld.open(null);
  door = await openWebDoor(world);
});
afterEach(async () => {
  await door.close();
  await world.close();
});

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string;

async function campaignWithCalls(): Promise<void> {
  await world.addContacts(1);
  const first = await world.prepare({ name: 'Première' });
  await world.launch(first);
  world.script = (_order, attempt) => (attempt === 1 ? BUSY : SUCCESS);
  await world.addWorker('w1').start();
  await vi.waitFor(
    async () => {
      expect((await findCampaign(world.db, first.id))?.status).toBe('completed');
    },
    { timeout: 15_000, interval: 50 },
  );
  await world.prepare({ name: 'Deuxième' });
}

it('shows every attempt over all campaigns, and what comes next', async () => {
  await campaignWithCalls();
  const response = await door.request('/contacts/1/attempts');
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const text = await response.text();
  expect(text).not.toContain('+33199000000');
  expect(JSON.parse(text)).toMatchObject({
    contact: { id: 1, phone: '+331990••••00', doNotCall: null },
    campaigns: [
      {
        campaign: { id: 1, name: 'Première', status: 'completed' },
        state: 'done',
        result: 'success',
        countedAttempts: 2,
        maxAttempts: 3,
        next: { action: 'nothing', at: null, why: 'success: final' },
        attempts: [
          {
            attempt: 1,
            status: 'completed',
            startedAt: ISO,
            endedAt: ISO,
            worker: 'w1',
            outcome: 'busy',
            hangupCause: 'USER_BUSY',
            sipStatus: 486,
            counted: true,
            durationMs: null,
          },
          { attempt: 2, outcome: 'success', hangupCause: 'NORMAL_CLEARING' },
        ],
      },
      {
        campaign: { name: 'Deuxième', status: 'draft' },
        state: 'waiting',
        next: { action: 'nothing', at: null, why: 'the campaign has not been launched' },
        attempts: [],
      },
    ],
  });
});

it('says until when somebody waits for the gate, and why', async () => {
  await world.addContacts(1);
  await world.launch(await world.prepare());
  const until = new Date('2030-01-07T09:00:00Z');
  world.gate.verdict = { decision: 'wait', until, reason: 'outside_hours: shut in Europe/Paris' };
  const response = await door.request('/contacts/1/attempts');
  const next = { action: 'first_call', at: until.toISOString(), why: 'outside_hours: shut in Europe/Paris' };
  expect(await response.json()).toMatchObject({ campaigns: [{ state: 'queued', next }] });
});

it.each(['%2B33199000000', '0199000000', '01%2099%2000%2000%2000', '0033199000000'])(
  'finds the contact by the number %s',
  async (number) => {
    await world.addContacts(1);
    const response = await door.request(`/contacts/${number}/attempts`);
    expect(await response.json()).toMatchObject({ contact: { id: 1 }, campaigns: [] });
  },
);

it('says when and why somebody must not be called', async () => {
  await world.addContacts(1);
  await oppose(world.db, '+33199000000');
  const response = await door.request('/contacts/1/attempts');
  expect(await response.json()).toMatchObject({ contact: { doNotCall: { reason: 'opt_out', since: ISO } } });
});

it.each(['2', '9007199254740991', '99999999999999999999999', '%2B33199000099'])(
  'knows no contact %s',
  async (contact) => {
    await world.addContacts(1);
    const response = await door.request(`/contacts/${contact}/attempts`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({ code: 'contact_unknown' });
  },
);

it.each([
  '0',
  '-1',
  '1.5',
  '1e3',
  'abc',
  '%00',
  '1%27%20or%201=1',
  '..%2f..%2fetc',
  'x'.repeat(5000),
  '112'.repeat(20),
])('reads nothing into %s', async (contact) => {
  const response = await door.request(`/contacts/${contact}/attempts`);
  expect([400, 404]).toContain(response.status);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(await response.text()).not.toContain(contact === '0' ? 'stack' : contact);
});

it('keeps what went wrong inside to itself', async () => {
  await world.database.pool.query('alter table contacts rename to gone');
  try {
    const response = await door.request('/contacts/%2B33199000000/attempts');
    expect(response.status).toBe(500);
    const body = await response.text();
    expect(JSON.parse(body)).toMatchObject({ code: 'internal_error' });
    expect(body).not.toMatch(/select|contacts|\+33/);
  } finally {
    await world.database.pool.query('alter table gone rename to contacts');
  }
});
