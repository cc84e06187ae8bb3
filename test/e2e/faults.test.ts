import { describe, expect, it } from 'vitest';
import { countByState } from '../../src/db/campaign-contacts.ts';
import type { PersonaName } from '../helpers/e2e-personas.ts';
import { channelsLeft, expectDecentRecord, originates } from '../helpers/e2e-record.ts';
import { CALL_DEADLINE_MS, E2eWorld, type E2eOptions } from '../helpers/e2e-world.ts';
import { WorkerProcess } from '../helpers/e2e-worker-process.ts';
import { freePort } from '../helpers/free-port.ts';
import { openTcpProxy } from '../helpers/tcp-proxy.ts';
import { withClient } from '../helpers/test-server.ts';

const TEST_DEADLINE_MS = 90_000;
const DRAIN_GRACE_MS = 30_000;

/** Opens a world for one test, and closes it whatever comes of it. */
async function inWorld(options: E2eOptions, test: (world: E2eWorld) => Promise<void>): Promise<void> {
  const world = await E2eWorld.open(options);
  try {
    await test(world);
    expectDecentRecord(world.record());
  } finally {
    await world.close();
  }
}

const ONE_CALL: readonly PersonaName[] = ['agrees'];

/** The pitch is being played: two seconds of talk behind, some more ahead. */
async function untilOfferPlays(world: E2eWorld): Promise<void> {
  await world.untilPrompt('offer.wav', 'playback-started');
}

/** As a database that is restarted does to its clients. */
async function breakDatabaseConnections(world: E2eWorld): Promise<number> {
  return withClient(world.database.url, async (client) => {
    const { rowCount } = await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    return rowCount ?? 0;
  });
}

describe.concurrent('with a call up', { timeout: TEST_DEADLINE_MS }, () => {
  // The longest first: they run side by side.
  it('the call of a worker that was killed is hung up by another, once, and the person called again', () =>
    inWorld({ cast: ['listens-for-ever'] }, async (world) => {
      const campaignId = await world.launch();
      const doomed = new WorkerProcess({ env: world.environment(), cwd: world.dir });
      try {
        await world.untilPrompt('hello.wav', 'playback-started');
      } finally {
        await doomed.kill();
      }
      await world.openWorker();
      // Its line is free again 30 s after its last sign of life.
      await world.untilCampaignIs(campaignId, 'completed', 60_000 + CALL_DEADLINE_MS);

      const { attempts } = await world.onlyContact(campaignId);
      expect(attempts.map(({ result }) => result)).toEqual(['interrupted', 'success']);
      expect(originates(world.record()).map(({ uuid }) => uuid)).toEqual(attempts.map(({ id }) => id));
      expect(channelsLeft(world.record())).toEqual([]);
    }));

  it('a channel that no attempt owns any more is hung up', () =>
    inWorld({ cast: ['listens-for-ever'] }, async (world) => {
      const campaignId = await world.launch();
      const doomed = new WorkerProcess({ env: world.environment(), cwd: world.dir });
      try {
        await world.untilPrompt('hello.wav', 'playback-started');
      } finally {
        await doomed.kill();
      }
      // As when the outcome was written and the order to hang up never reached the switch.
      await withClient(world.database.url, async (client) => {
        await client.query(
          "update calls set status = 'completed', result = 'interrupted', counted = true, ended_at = now()",
        );
        await client.query("update campaign_contacts set state = 'done', result = 'interrupted'");
      });
      await world.openWorker();
      await world.untilLogged('a channel that no attempt owns was hung up');
      await world.untilSwitch('hangup');

      expect(channelsLeft(world.record())).toEqual([]);
      expect(originates(world.record())).toHaveLength(1);
      expect((await world.onlyContact(campaignId)).attempts).toHaveLength(1);
    }));

  it('a call goes on while the connection to the switch drops and comes back', () =>
    inWorld({ cast: ONE_CALL }, async (world) => {
      const campaignId = await world.launch();
      await world.openWorker();
      await untilOfferPlays(world);
      await world.simulator.order('drop');
      await world.untilCampaignIs(campaignId, 'completed');

      const { attempts } = await world.onlyContact(campaignId);
      expect(attempts).toHaveLength(1);
      expect(attempts[0]).toMatchObject({ result: 'success', steps: ['hello', 'offer', 'bye'] });
      expect(originates(world.record())).toHaveLength(1);
      expect(channelsLeft(world.record())).toEqual([]);
      const connected = world.logged('info').filter((message) => message === 'connected to FreeSWITCH');
      expect(connected).toHaveLength(2);
    }));

  it('a prompt that ends while the connection is down does not hold the call up', () =>
    inWorld({ cast: ONE_CALL }, async (world) => {
      const proxy = await openTcpProxy(world.simulator.port);
      try {
        world.set('FREESWITCH_ESL_PORT', String(proxy.port));
        const campaignId = await world.launch();
        await world.openWorker();
        await world.untilPrompt('hello.wav', 'playback-started');
        proxy.block();
        await world.untilPrompt('hello.wav', 'playback-ended');
        proxy.unblock();
        await world.untilCampaignIs(campaignId, 'completed');

        const { attempts } = await world.onlyContact(campaignId);
        expect(attempts).toHaveLength(1);
        expect(attempts[0]).toMatchObject({ result: 'success', steps: ['hello', 'offer', 'bye'] });
      } finally {
        await proxy.close();
      }
    }));

  it('a switch that dies interrupts the attempt; after its restart the person is called again', () =>
    inWorld({ cast: ONE_CALL }, async (world) => {
      const campaignId = await world.launch();
      await world.openWorker();
      await untilOfferPlays(world);
      await world.simulator.order('crash 500');
      await world.untilCampaignIs(campaignId, 'completed');

      const { attempts } = await world.onlyContact(campaignId);
      expect(attempts).toHaveLength(2);
      expect(attempts[0]).toMatchObject({
        result: 'interrupted',
        endReason: 'link-lost',
        counted: true,
        steps: ['hello', 'offer'],
      });
      expect(attempts[1]).toMatchObject({ result: 'success' });
      expect(originates(world.record())).toHaveLength(2);
    }));

  it('a call without audio is ended and said to have failed', async () => {
    const audioPort = await freePort();
    const proxy = await openTcpProxy(audioPort);
    const env = {
      STREAMING_ASR_PORT: String(audioPort),
      STREAMING_ASR_PUBLIC_URL: `ws://127.0.0.1:${proxy.port}`,
      MAX_RETRY_ATTEMPTS: '1',
    };
    try {
      await inWorld({ cast: ONE_CALL, env }, async (world) => {
        const campaignId = await world.launch();
        await world.openWorker();
        await untilOfferPlays(world);
        proxy.cut();
        await world.untilCampaignIs(campaignId, 'completed');

        const { attempts } = await world.onlyContact(campaignId);
        expect(attempts).toHaveLength(1);
        expect(attempts[0]).toMatchObject({ result: 'failed', endReason: 'audio-lost', counted: true });
        expect(world.record()).toContainEqual(expect.objectContaining({ type: 'hangup', by: 'caller' }));
      });
    } finally {
      await proxy.close();
    }
  });

  it('a worker that drains lets the call end and makes no other', () =>
    inWorld({ cast: ['agrees', 'agrees'], env: { MAX_CONCURRENT_CALLS: '1' } }, async (world) => {
      const campaignId = await world.launch();
      const worker = await world.openWorker();
      await untilOfferPlays(world);
      await worker.close({ graceMs: DRAIN_GRACE_MS });

      expect(originates(world.record())).toHaveLength(1);
      expect(channelsLeft(world.record())).toEqual([]);
      expect(await countByState(world.database.db, campaignId)).toMatchObject({
        done: 1,
        calling: 0,
        queued: 1,
      });

      // The other job was not lost: the next worker takes it.
      await world.openWorker();
      await world.untilCampaignIs(campaignId, 'completed');
      const results = (await world.report(campaignId)).map(({ campaignContact }) => campaignContact.result);
      expect(results).toEqual(['success', 'success']);
      expect(originates(world.record())).toHaveLength(2);
    }));

  it('a worker that must stop at once hangs up, and the person is called again later', () =>
    inWorld({ cast: ONE_CALL }, async (world) => {
      const campaignId = await world.launch();
      const worker = await world.openWorker();
      await untilOfferPlays(world);
      await worker.close({ graceMs: 0 });

      expect(channelsLeft(world.record())).toEqual([]);
      const { campaignContact, attempts } = await world.onlyContact(campaignId);
      expect(attempts).toHaveLength(1);
      expect(attempts[0]).toMatchObject({ result: 'interrupted', endReason: 'cancelled' });
      expect(campaignContact).toMatchObject({ state: 'retry_scheduled', attempts: 1 });

      await world.openWorker();
      await world.untilCampaignIs(campaignId, 'completed');
      expect((await world.onlyContact(campaignId)).campaignContact.result).toBe('success');
    }));

  it('an outcome is stored although the database breaks every connection', () =>
    inWorld({ cast: ONE_CALL }, async (world) => {
      const campaignId = await world.launch();
      await world.openWorker();
      await untilOfferPlays(world);
      expect(await breakDatabaseConnections(world)).toBeGreaterThan(0);
      await world.untilPrompt('bye.wav', 'playback-started');
      expect(await breakDatabaseConnections(world)).toBeGreaterThan(0);
      await world.untilCampaignIs(campaignId, 'completed');

      const { attempts } = await world.onlyContact(campaignId);
      expect(attempts).toHaveLength(1);
      expect(attempts[0]).toMatchObject({ result: 'success', steps: ['hello', 'offer', 'bye'] });
      expect(attempts[0]?.turns.map(({ step, intent }) => [step, intent])).toEqual([
        ['hello', 'affirm'],
        ['offer', 'affirm'],
      ]);
      expect(originates(world.record())).toHaveLength(1);
    }));

  it('nobody is called while the switch’s audio cannot arrive, and calls begin when it can', () =>
    inWorld({ cast: ['agrees', 'agrees'] }, async (world) => {
      const port = await freePort();
      const proxy = await openTcpProxy(port);
      try {
        world.set('STREAMING_ASR_PORT', String(port));
        world.set('STREAMING_ASR_PUBLIC_URL', `ws://127.0.0.1:${proxy.port}`);
        proxy.block();
        const campaignId = await world.launch();
        await world.openWorker();
        const complaints = world.logged('error');
        expect(complaints).toHaveLength(1);
        expect(complaints[0]).toContain(`ws://127.0.0.1:${proxy.port}`);
        await world.untilHeldBack(campaignId, 'STREAMING_ASR_PORT');
        expect(originates(world.record())).toEqual([]);

        proxy.unblock();
        await world.untilCampaignIs(campaignId, 'completed', 2 * CALL_DEADLINE_MS);
        expect(originates(world.record())).toHaveLength(2);
        await world.untilHeldBack(campaignId, null);
        await world.closeWorkers();
      } finally {
        await proxy.close();
      }
    }));

  it('of calls that go without audio in the middle of a campaign the first is the last', () =>
    inWorld({ cast: ['agrees', 'agrees', 'agrees'] }, async (world) => {
      const port = await freePort();
      const proxy = await openTcpProxy(port);
      try {
        world.set('STREAMING_ASR_PORT', String(port));
        world.set('STREAMING_ASR_PUBLIC_URL', `ws://127.0.0.1:${proxy.port}`);
        await world.openWorker();
        proxy.block();
        const campaignId = await world.launch({ maxConcurrentCalls: 1 });
        await world.untilHeldBack(campaignId, 'STREAMING_ASR_PORT');
        expect(originates(world.record())).toHaveLength(1);

        proxy.unblock();
        await world.untilCampaignIs(campaignId, 'completed', 3 * CALL_DEADLINE_MS);
        const results = (await world.report(campaignId)).map(({ attempts }) =>
          attempts.map(({ result }) => result),
        );
        expect(results.flat().sort()).toEqual(['failed', 'success', 'success']);
        await world.closeWorkers();
      } finally {
        await proxy.close();
      }
    }));

  it('an outcome waits for a database that is away when the call ends', () =>
    inWorld({ cast: ONE_CALL }, async (world) => {
      const database = new URL(world.database.url);
      const proxy = await openTcpProxy(Number(database.port));
      try {
        database.host = `127.0.0.1:${proxy.port}`;
        world.set('DATABASE_URL', database.href);
        const campaignId = await world.launch();
        await world.openWorker();
        await world.untilPrompt('bye.wav', 'playback-started');
        proxy.block();
        await world.untilSwitch('hangup');
        await world.untilLogged('the outcome could not be stored; trying again');
        proxy.unblock();
        await world.untilCampaignIs(campaignId, 'completed');

        const { attempts } = await world.onlyContact(campaignId);
        expect(attempts).toHaveLength(1);
        expect(attempts[0]).toMatchObject({ result: 'success', steps: ['hello', 'offer', 'bye'] });
        expect(originates(world.record())).toHaveLength(1);
        await world.closeWorkers();
      } finally {
        await proxy.close();
      }
    }));

  it('a worker process that is told to stop lets the call end, and ends by itself with status 0', () =>
    inWorld({ cast: ['hangs-up'] }, async (world) => {
      await world.launch();
      const worker = new WorkerProcess({ env: world.environment(), cwd: world.dir });
      try {
        await world.untilPrompt('hello.wav', 'playback-started');
        worker.terminate();
        expect(await worker.status()).toBe(0);
      } finally {
        await worker.kill();
      }
      expect(worker.complaints()).toEqual([]);
      expect(world.record()).toContainEqual(expect.objectContaining({ type: 'hangup', by: 'callee' }));
      expect(originates(world.record())).toHaveLength(1);
      expect(channelsLeft(world.record())).toEqual([]);
    }));
});
