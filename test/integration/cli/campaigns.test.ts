import { tmpdir } from 'node:os';
import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { completeAttempt, markDialing, reserveAttempt } from '../../../src/db/calls.ts';
import {
  countByState,
  findCampaignContact,
  pageUnqueued,
  scheduleRetry,
} from '../../../src/db/campaign-contacts.ts';
import { changeCampaignStatus, findCampaign } from '../../../src/db/campaigns.ts';
import type { Database } from '../../../src/db/client.ts';
import { findContactByPhone, upsertContacts } from '../../../src/db/contacts.ts';
import { openQueueBackend } from '../../../src/queues/backend.ts';
import {
  contactInput,
  createRunningCampaign,
  fictionPhone,
  oppose,
  reservation,
} from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { runCli } from './run-cli.ts';

/** Many processes one after the other, on a machine that may be busy. */
const TIMEOUT_MS = 120_000;
const FRENCH = { MINIBOT_LANG: 'fr' };

let database: Database;

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

function cli(args: string[], env: Record<string, string> = {}) {
  return runCli(args, { cwd: tmpdir(), env: { DATABASE_URL: database.url, ...env } });
}

it(
  'launches a campaign once, and steers it',
  async () => {
    const phones = [0, 1, 2].map(fictionPhone);
    await upsertContacts(
      database.db,
      phones.map((phone) => contactInput(phone, { tags: ['or'] })),
    );
    await oppose(database.db, fictionPhone(1));

    const launch = [
      'launch-campaign',
      '--scenario',
      'test',
      '--tags',
      'or',
      '--concurrent',
      '2',
      '--days',
      'lun-mer',
    ];
    const plan = await cli([...launch, '--dry-run', '--end-time', '12:00']);
    expect(plan).toMatchObject({ status: 0, stderr: '' });
    expect(plan.stdout).toContain(
      "Hours: Mon–Wed 10:00–12:00 (each contact's own time; not on public holidays, Alsace-Moselle's included)\n",
    );
    expect(plan.stdout).toContain(
      'Would be called: 2\nWill not be called: 1\n   1 × asked not to be called\n',
    );
    expect((await cli(['campaign', 'list', '--json'])).stdout).toBe('[]\n');

    const launched = await cli([...launch, '--json']);
    expect(JSON.parse(launched.stdout)).toMatchObject({
      campaign: { id: 1, name: 'Test', status: 'running', maxConcurrentCalls: 2 },
      queued: 2,
      refused: { 'opposed: asked not to be called': 1 },
    });
    const again = await cli([...launch, '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ campaign: { id: 1 }, queued: 0 });
    expect(again.stderr).toContain('warning: Campaign 1 exists (running): going on with it.');

    expect((await cli(['campaign', 'pace', '1', '--delay', '0.5'])).stdout).toBe(
      'Campaign 1: 2 at once, every 0.5 s, from the next call on.\n',
    );
    expect(await cli(['campaign', 'pause', '1'], { MINIBOT_LANG: 'fr' })).toMatchObject({
      status: 0,
      stdout: 'La campagne 1 est en pause. Les appels en cours se terminent normalement.\n',
    });
    const list = await cli(['campaign', 'list', '--status', 'paused']);
    expect(list.stdout).toMatch(/^1 +Test +test +paused +1\/3 +2 at once, every 0\.5 s /m);
    expect((await cli(['campaign', 'cancel', '1'])).status).toBe(0);
    expect(await cli(['campaign', 'resume', '1'])).toMatchObject({
      status: 1,
      stderr: 'error: campaign 1 is cancelled and cannot be resumed; that takes one that is paused\n',
    });
  },
  TIMEOUT_MS,
);

it(
  'changes a priority and brings planned tries forward, and refuses what it cannot do',
  async () => {
    const { db } = database;
    const { campaignId, contacts } = await createRunningCampaign(db, { size: 3 });
    const id = String(campaignId);
    for (const { id: place, phone } of contacts) {
      if (phone === fictionPhone(2)) continue;
      await scheduleRetry(db, place, {
        at: new Date('2030-01-01T10:00:00Z'),
        reason: 'busy: attempt 2 of 3',
      });
    }
    expect(await cli(['campaign', 'priority', id, '7'])).toMatchObject({
      ...{ status: 0, stdout: `Campaign ${id} has priority 7.\n`, stderr: '' },
    });
    expect(JSON.parse((await cli(['campaign', 'priority', id, '9', '--json'])).stdout)).toEqual({
      ...{ id: campaignId, priority: 9 },
    });
    expect((await findCampaign(db, campaignId))?.priority).toBe(9);
    expect(await cli(['campaign', 'priority', id, '1001'], FRENCH)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Donnez un nombre entier de 0 à 1000.') as string,
    });
    expect(await cli(['campaign', 'priority', '99', '1'])).toMatchObject({
      ...{ status: 1, stdout: '', stderr: 'error: there is no campaign 99\n' },
    });

    const one = await cli(['campaign', 'retry-now', id, '--contact', fictionPhone(0)], FRENCH);
    expect(one).toMatchObject({
      ...{ status: 0, stdout: `Campagne ${id} : 1 rappels prévus sont à faire maintenant.\n` },
    });
    expect(await cli(['contact', 'show', fictionPhone(0)], FRENCH)).toMatchObject({
      stdout: expect.stringContaining('(busy : tentative 2 sur 3, avancée)') as string,
    });
    expect(JSON.parse((await cli(['campaign', 'retry-now', id, '--json'])).stdout)).toEqual({
      ...{ id: campaignId, tries: 2 },
    });
    expect(await findCampaignContact(db, contacts[1]?.id ?? 0)).toMatchObject({
      nextReason: 'busy: attempt 2 of 3, brought forward',
    });
    expect(await cli(['campaign', 'retry-now', id, '--contact', '0199000999'], FRENCH)).toMatchObject({
      ...{ status: 1, stderr: "erreur : aucun contact n'a le numéro +33199000999\n" },
    });
    await changeCampaignStatus(db, campaignId, { from: ['running'], to: 'cancelled' });
    expect(await cli(['campaign', 'retry-now', id])).toMatchObject({
      ...{ status: 1, stderr: `error: campaign ${id} is cancelled: nobody of it is tried again\n` },
    });
  },
  TIMEOUT_MS,
);

it(
  'keeps public holidays free as the campaign says, never fewer than the installation',
  async () => {
    await upsertContacts(database.db, [contactInput(fictionPhone(0))]);
    const launch = ['launch-campaign', '--scenario', 'test'];
    expect(await cli([...launch, '--holidays', 'metropole'], FRENCH)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining(
        '--holidays metropole appellerait des jours fériés que CALL_HOLIDAYS',
      ) as string,
    });
    expect(await cli([...launch, '--holidays', 'alsace'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('none, metropole, alsace-moselle, all-regions') as string,
    });
    const plan = await cli([...launch, '--holidays', 'all-regions', '--dry-run']);
    expect(plan.stdout).toContain("(each contact's own time; not on public holidays of any region)\n");
    const allowed = { CALL_HOLIDAYS: 'metropole' };
    expect(
      JSON.parse((await cli([...launch, '--holidays', 'alsace-moselle', '--json'], allowed)).stdout),
    ).toMatchObject({
      campaign: { callingWindow: { holidays: 'alsace-moselle' } },
    });
    const shown = await cli(['campaign', 'show', '1'], { ...FRENCH, ...allowed });
    expect(shown.stdout).toContain("pas les jours fériés, ceux d'Alsace-Moselle compris");
  },
  TIMEOUT_MS,
);

it(
  'stops a launch at Ctrl+C, and completes it when it is run again, with nobody queued twice',
  async () => {
    const people = 9_000;
    const phones = Array.from({ length: people }, (_, n) => contactInput(fictionPhone(n)));
    for (let first = 0; first < people; first += 3_000) {
      await upsertContacts(database.db, phones.slice(first, first + 3_000));
    }
    const queued = async () => (await countByState(database.db, 1)).queued;
    const someQueued = async () => {
      await vi.waitUntil(async () => (await queued()) > 0, { timeout: 60_000, interval: 5 });
    };
    const launch = ['launch-campaign', '--scenario', 'test', '--name', 'Grand'];
    const interrupted = await runCli(launch, {
      cwd: tmpdir(),
      env: { DATABASE_URL: database.url },
      interruptWhen: someQueued,
    });
    expect(interrupted.status).toBe(130);
    expect(interrupted.stderr).toContain('run the same command again');
    const before = await queued();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(people);

    const again = await cli([...launch, '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ campaign: { id: 1 }, queued: people - before });
    expect(await queued()).toBe(people);
    const backend = await openQueueBackend(
      { redisUrl: null, databaseUrl: database.url, namespace: 'minibot' },
      pino({ level: 'silent' }),
    );
    try {
      expect(await backend.queue(1).getJobCountByTypes('wait', 'prioritized')).toBe(people);
    } finally {
      await backend.close();
    }
  },
  TIMEOUT_MS,
);

it(
  'shows every attempt towards a contact, what comes next and why',
  async () => {
    const { db } = database;
    const { campaignId, contacts } = await createRunningCampaign(db, { size: 1 });
    const [contact] = await pageUnqueued(db, campaignId, { batch: 1 });
    if (contact === undefined || contacts.length !== 1) throw new Error('the campaign has no contact');
    const { call } = await reserveAttempt(db, reservation(campaignId, contact));
    await markDialing(db, call);
    await completeAttempt(db, call, {
      result: 'busy',
      endReason: 'not-answered',
      hangupCause: 'USER_BUSY',
      sipStatus: 486,
      counted: true,
      endedAt: new Date(),
      recordingPath: null,
    });
    await scheduleRetry(db, contact.id, {
      at: new Date('2030-01-07T09:00:00Z'),
      reason: 'busy: attempt 2 of 3',
    });

    const id = String((await findContactByPhone(db, contact.phone))?.id);
    const { stdout } = await cli(['contact', 'show', id], { TZ: 'Europe/Paris' });
    expect(stdout).toContain(`Campaign ${campaignId} “Essai” (running)\n`);
    expect(stdout).toMatch(/^1 +\S+, \S+ +busy +USER_BUSY 486 +– +worker-1$/m);
    expect(stdout).toContain('Next try: 07/01/2030, 10:00:00 (busy: attempt 2 of 3)\n');

    for (const who of [contact.phone, '01 99 00 00 00', '+33 (0)1 99 00 00 00']) {
      const { stdout: json } = await cli(['contact', 'show', who, '--json']);
      expect(JSON.parse(json)).toEqual({
        contact: expect.objectContaining({ id: Number(id), phone: contact.phone, doNotCall: null }) as object,
        campaigns: [
          {
            campaign: { id: campaignId, name: 'Essai', status: 'running' },
            state: 'retry_scheduled',
            result: null,
            countedAttempts: 1,
            maxAttempts: 3,
            next: { action: 'retry', at: '2030-01-07T09:00:00.000Z', why: 'busy: attempt 2 of 3' },
            attempts: [
              expect.objectContaining({
                callId: call.id,
                attempt: 1,
                worker: 'worker-1',
                outcome: 'busy',
                hangupCause: 'USER_BUSY',
                sipStatus: 486,
                counted: true,
                durationMs: null,
              }),
            ],
          },
        ],
      });
    }
    const unknown = await cli(['contact', 'show', '0199000099']);
    expect(unknown).toMatchObject({ status: 1, stdout: '' });
    expect(unknown.stderr).toContain('+33199000099');
    expect((await cli(['contact', 'show', '112'])).stderr).toMatch(/112/);

    const shown = await cli(['campaign', 'show', String(campaignId)]);
    expect(shown.stdout).toMatch(/to be tried again +1\n/);
    expect(shown.stdout).toMatch(/\+33199000000 +1 +busy/);
  },
  TIMEOUT_MS,
);

it(
  'says in one line what is wrong, and ends with a status that says so too',
  async () => {
    const down = { DATABASE_URL: 'postgresql://minibot:secret@127.0.0.1:1/minibot' };
    const [typo, noDatabase, wrongSettings, scenario, campaign, noContacts] = await Promise.all([
      cli(['launch-campaign', '--scenaro', 'test'], down),
      cli(['campaign', 'list'], down),
      cli(['campaign', 'list'], { DATABASE_URL: 'nonsense', CALL_DELAY: 'soon' }),
      cli(['launch-campaign', '--scenario', 'tset']),
      cli(['campaign', 'show', '7', '--json']),
      cli(['launch-campaign', '--scenario', 'test']),
    ]);
    expect(typo).toMatchObject({ status: 2, stdout: '' });
    expect(typo.stderr).toContain("error: unknown option '--scenaro'\n(Did you mean --scenario?)\n");
    expect(noDatabase).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'error: Postgres at 127.0.0.1:1 refuses connections: start the server or mend DATABASE_URL.\n',
    });
    expect(wrongSettings.status).toBe(1);
    expect(wrongSettings.stderr).toMatch(/DATABASE_URL cannot be used .+\n.+CALL_DELAY is "soon"; allowed: /);
    expect(scenario.status).toBe(1);
    expect(scenario.stderr).toMatch(
      /^error: scenario \S+ does not exist; there are: production, test, .+\n$/,
    );
    expect(JSON.parse(campaign.stderr)).toMatchObject({ error: { code: 'campaign_unknown' } });
    expect(noContacts.stderr).toBe(
      'error: there are no contacts to call: import some with minibot import-contacts FILE\n',
    );
  },
  TIMEOUT_MS,
);
