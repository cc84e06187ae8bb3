import pino from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findUnfinished } from '../../../src/db/calls.ts';
import { countByState } from '../../../src/db/campaign-contacts.ts';
import { findCampaign } from '../../../src/db/campaigns.ts';
import type { Campaign } from '../../../src/db/schema.ts';
import { openQueueBackend, type QueueBackend } from '../../../src/queues/backend.ts';
import { hasRedisServer } from '../../helpers/redis.ts';
import { startClusterRedis, startSentinelRedis, startTlsRedis } from '../../helpers/redis-topologies.ts';
import { SUCCESS } from '../../helpers/call-results.ts';
import { CampaignWorld } from './fixture.ts';

const PEOPLE = 30;
/** This call and those beside it go on while the master changes. */
const FAILOVER_AT_CALL = 10;
/** A job whose lock went with the old master runs again after 20 s at the latest. */
const COMPLETION_MS = 40_000;

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const item of opened.splice(0).reverse()) await item.close();
});

function closeLater<T extends { close(): Promise<unknown> }>(item: T): T {
  opened.push(item);
  return item;
}

function openQueues(redisUrl: string): Promise<QueueBackend> {
  const databaseUrl = 'postgresql://nobody@127.0.0.1:9/none';
  return openQueueBackend({ redisUrl, databaseUrl, namespace: 'test' }, pino({ level: 'silent' }));
}

async function openWorld(redisUrl: string): Promise<CampaignWorld> {
  const world = closeLater(await CampaignWorld.open(redisUrl));
  await world.addContacts(PEOPLE);
  return world;
}

/** Runs campaigns side by side with two workers, and finds everybody called once in each of them. */
async function runCampaigns(world: CampaignWorld, names: readonly string[]): Promise<Campaign[]> {
  const campaigns: Campaign[] = [];
  for (const name of names) campaigns.push(await world.prepare({ name }));
  for (const campaign of campaigns) await world.launch(campaign);
  await Promise.all(['w1', 'w2'].map((name) => world.addWorker(name).start()));
  for (const { id } of campaigns) {
    await vi.waitFor(async () => expect((await findCampaign(world.db, id))?.status).toBe('completed'), {
      timeout: COMPLETION_MS,
      interval: 50,
    });
    expect(await countByState(world.db, id)).toMatchObject({ done: PEOPLE });
    expect(await world.backend.queue(id).getJobCountByTypes('wait', 'active', 'delayed', 'failed')).toBe(0);
  }
  const called = world.calls.map(({ campaign, contact }) => `${campaign.id}: ${contact.phone}`);
  expect(called).toHaveLength(PEOPLE * campaigns.length);
  expect(new Set(called).size).toBe(called.length);
  expect(await findUnfinished(world.db)).toEqual([]);
  return campaigns;
}

describe.skipIf(!hasRedisServer())('queues on Redis', { timeout: 2 * COMPLETION_MS }, () => {
  it('over TLS, with an authority and a certificate of one’s own', async () => {
    const redis = closeLater(await startTlsRedis());
    await runCampaigns(await openWorld(redis.url), ['Essai']);
  });

  it('says what is wrong with TLS', async () => {
    const { bareUrl } = closeLater(await startTlsRedis());
    await expect(openQueues(bareUrl)).rejects.toThrow(/localhost:\d+ is not trusted: .*\?ca=/);
    await expect(openQueues(bareUrl.replace('rediss:', 'redis:'))).rejects.toThrow(
      'does it want TLS, rediss://?',
    );
    await expect(openQueues(`${bareUrl}?ca=/nowhere/ca.pem`)).rejects.toThrow('/nowhere/ca.pem');
  });

  it.each([
    ['its master dies', 'killMaster'],
    ['its master is swapped', 'swap'],
  ] as const)('behind sentinels: loses nobody and calls nobody twice when %s', async (_when, failOver) => {
    const redis = closeLater(await startSentinelRedis({ tls: false }));
    const world = await openWorld(redis.url);
    let isOver: Promise<void> | null = null;
    world.script = async () => {
      if (world.calls.length >= FAILOVER_AT_CALL) await (isOver ??= redis[failOver]());
      return SUCCESS;
    };
    await runCampaigns(world, ['Essai']);
  });

  it('behind sentinels, over TLS all the way', async () => {
    const redis = closeLater(await startSentinelRedis({ tls: true }));
    await runCampaigns(await openWorld(redis.url), ['Essai']);
  });

  it('on a cluster, each campaign’s queue on one node', async () => {
    const redis = closeLater(await startClusterRedis());
    const world = await openWorld(redis.url);
    await runCampaigns(world, ['Or', 'Argent', 'Cuivre', 'Platine']);
    const keys = await redis.keysByNode();
    expect(keys.filter((count) => count > 0).length).toBeGreaterThan(1);
  });
});
