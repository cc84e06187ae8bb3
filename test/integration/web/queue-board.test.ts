import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pauseCampaign } from '../../../src/campaigns/lifecycle.ts';
import { findCampaignContact } from '../../../src/db/campaign-contacts.ts';
import { findCampaign } from '../../../src/db/campaigns.ts';
import { openTestRedis } from '../../helpers/redis.ts';
import { BUSY } from '../../helpers/call-results.ts';
import { CampaignWorld } from '../queues/fixture.ts';
import { openWebDoor, type WebDoor } from './fixture.ts';

const redis = await openTestRedis();
afterAll(() => redis?.close());

const HOUR_MS = 3_600_000;
const POLICY = {
  enabled: true,
  maxAttempts: 3,
  delayMsByResult: { busy: HOUR_MS },
  maxAttemptsByResult: {},
  otherPartOfDay: false,
};

interface ShownJob {
  id: string;
  name: string;
  data: unknown;
  attempts: number;
  timestamp: number;
  delay: number;
  opts: { attempts: number };
  failedReason?: string;
  stacktrace: string[];
}

interface ShownQueue {
  name: string;
  displayName: string;
  description: string;
  isPaused: boolean;
  allowRetries: boolean;
  counts: Record<string, number>;
  jobs: ShownJob[];
}

const BACKENDS = [
  ['Redis', redis?.url ?? ''],
  ['Postgres', null],
] as const;

describe.each(BACKENDS)('the queue board on %s', (_name, redisUrl) => {
  let world: CampaignWorld;
  let door: WebDoor;

  beforeEach(async (context) => {
    if (redisUrl === '') context.skip();
    world = await CampaignWorld.open(redisUrl);
    door = await openWebDoor(world);
  });
  afterEach(async () => {
    if (redisUrl === '') return;
    await door.close();
    await world.close();
  });

  async function queues(active = ''): Promise<ShownQueue[]> {
    const response = await door.request(`/queues/api/queues?activeQueue=${active}&page=1&jobsPerPage=10`);
    expect(response.status).toBe(200);
    return ((await response.json()) as { queues: ShownQueue[] }).queues;
  }

  it('shows a campaign while it lives, and no longer', async () => {
    await world.addContacts(1);
    const campaign = await world.prepare({ name: 'Or & <b>argent</b>' });
    await door.board.tick();
    expect(await queues()).toEqual([]);

    await world.launch(campaign);
    await door.board.tick();
    expect(await queues()).toMatchObject([
      {
        name: `campaign-${campaign.id}`,
        displayName: `${campaign.id} · Or & <b>argent</b>`,
        description: 'running · scenario test · 5 calls at once',
        isPaused: false,
        allowRetries: false,
        counts: { prioritized: 1 },
      },
    ]);

    await pauseCampaign(world, campaign.id);
    await door.board.tick();
    expect(await queues()).toMatchObject([
      { isPaused: true, description: 'paused · scenario test · 5 calls at once' },
    ]);

    await door.request(`/queues/api/queues/campaign-${campaign.id}/resume`, { method: 'PUT' });
    const worker = world.addWorker('w1');
    await worker.start();
    await vi.waitFor(
      async () => {
        expect((await findCampaign(world.db, campaign.id))?.status).toBe('completed');
      },
      { timeout: 15_000, interval: 50 },
    );
    await door.board.tick();
    expect(await queues()).toEqual([]);
    expect((await door.request(`/queues/api/queues/campaign-${campaign.id}/contact-1`)).status).toBe(404);
  });

  it('tells of a job who it is about, what was tried, and when it goes on and why', async () => {
    await world.addContacts(1);
    const campaign = await world.prepare({ retry: POLICY });
    await world.launch(campaign);
    world.script = () => BUSY;
    await world.addWorker('w1').start();
    const queue = world.backend.queue(campaign.id);
    await vi.waitFor(async () => expect(await queue.getDelayedCount()).toBe(1), {
      timeout: 15_000,
      interval: 50,
    });
    await door.board.tick();

    const shown = {
      id: 'contact-1',
      name: '+331990••••00 · retry scheduled',
      attempts: 1,
      opts: { attempts: 3 },
      failedReason: 'busy: attempt 2 of 3',
      stacktrace: [],
      data: {
        phone: '+331990••••00',
        contactId: 1,
        campaign: 'Essai',
        result: null,
        next: expect.stringMatching(
          /^retry at \d{4}-\S+ \d\d:\d\d:\d\d [+-]\d\d:\d\d \(busy: attempt 2 of 3\)$/,
        ) as string,
        countedAttempts: '1 of at most 3',
        attempts: [
          expect.stringMatching(
            /^1: busy \(USER_BUSY, SIP 486\) · \d{4}-\S+ \d\d:\d\d:\d\d \S+ · by w1$/,
          ) as string,
        ],
      },
    };
    const [active] = await queues(`campaign-${campaign.id}`);
    expect(active?.jobs).toMatchObject([shown]);
    // Bull Board adds these up and says when the job runs.
    const [job] = active?.jobs ?? [];
    const entry = await findCampaignContact(world.db, 1);
    expect((job?.timestamp ?? 0) + (job?.delay ?? 0)).toBe(entry?.nextAttemptAt?.getTime());

    const one = await door.request(`/queues/api/queues/campaign-${campaign.id}/contact-1`);
    const body = await one.text();
    expect(JSON.parse(body)).toMatchObject({ job: shown, status: 'delayed' });
    expect(body).not.toContain('+33199000000');

    const logs = await door.request(`/queues/api/queues/campaign-${campaign.id}/contact-1/logs`);
    expect(await logs.json()).toEqual([
      'Attempt 1: calling +331990••••00',
      expect.stringMatching(/^busy\. Next try .*Z \(busy: attempt 2 of 3\)$/),
    ]);
    // Nothing of all this was written to the queue.
    expect((await queue.getJob('contact-1'))?.data).toEqual({
      campaignContactId: 1,
      campaignId: campaign.id,
      contactId: 1,
    });
  });

  it('shows a job that is none of ours as it is', async () => {
    await world.addContacts(1);
    const campaign = await world.prepare();
    await world.launch(campaign);
    await world.backend
      .queue(campaign.id)
      // A payload that our types do not allow.
      .add('call-contact', { hello: 'world' } as never, { jobId: 'strange' });
    await door.board.tick();
    const response = await door.request(`/queues/api/queues/campaign-${campaign.id}/strange`);
    expect(await response.json()).toMatchObject({ job: { data: { hello: 'world' } } });
  });

  it('pauses and resumes the campaign itself', async () => {
    await world.addContacts(1);
    const campaign = await world.prepare();
    await world.launch(campaign);
    await door.board.tick();
    const put = (path: string) => door.request(`/queues/api/queues/${path}`, { method: 'PUT' });
    const status = async () => (await findCampaign(world.db, campaign.id))?.status;

    expect((await put(`campaign-${campaign.id}/pause`)).status).toBe(200);
    expect(await status()).toBe('paused');
    expect(await world.backend.queue(campaign.id).isPaused()).toBe(true);
    const again = await put(`campaign-${campaign.id}/pause`);
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({
      message: expect.stringMatching(/cannot be paused/) as string,
    });
    expect((await put(`campaign-${campaign.id}/resume`)).status).toBe(200);
    expect(await status()).toBe('running');
    expect((await put('pause')).status).toBe(200);
    expect(await status()).toBe('paused');
    expect((await put('resume')).status).toBe(200);
    expect(await status()).toBe('running');
  });

  it.each([
    ['POST', 'add', '{"name":"x","data":{}}'],
    ['PUT', 'empty', undefined],
    ['PUT', 'obliterate', '{"force":true}'],
    ['PUT', 'promote', undefined],
    ['PUT', 'retry/failed', undefined],
    ['PUT', 'clean/delayed', undefined],
    ['PUT', 'concurrency', '{"concurrency":500}'],
    ['PUT', 'rate-limit', '{"max":500,"duration":1}'],
    ['PUT', 'contact-1/clean', undefined],
    ['PUT', 'contact-1/promote', undefined],
    ['PATCH', 'contact-1/update-data', '{"jobData":{}}'],
  ])('refuses %s %s: the database would not know', async (method, path, body) => {
    await world.addContacts(1);
    const campaign = await world.prepare();
    await world.launch(campaign);
    await door.board.tick();
    const response = await door.request(`/queues/api/queues/campaign-${campaign.id}/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ message: expect.stringMatching(/command line/) as string });
    expect(await world.backend.queue(campaign.id).getJobCountByTypes('wait', 'prioritized')).toBe(1);
  });

  it('answers a question about the store', async () => {
    await world.addContacts(1);
    await world.launch(await world.prepare());
    await door.board.tick();
    expect((await door.request('/queues/api/redis/stats')).status).toBe(200);
    expect((await door.request('/queues/api/job-schedulers')).status).toBe(200);
  });
});
