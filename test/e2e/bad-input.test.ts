import { once } from 'node:events';
import { createServer } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { countByState } from '../../src/db/campaign-contacts.ts';
import { channelsLeft, originates } from '../helpers/e2e-record.ts';
import { E2eWorld } from '../helpers/e2e-world.ts';
import { WorkerProcess } from '../helpers/e2e-worker-process.ts';
import { freePort } from '../helpers/free-port.ts';
import { toneWav } from '../helpers/wav.ts';

const TEST_DEADLINE_MS = 60_000;

let world: E2eWorld;
/** Nobody listens there. */
let deadPort: number;
let campaignId: number;

beforeAll(async () => {
  world = await E2eWorld.open({ cast: ['agrees'] });
  deadPort = await freePort();
  campaignId = await world.launch();
});
afterAll(async () => {
  await expectNothingLost();
  await world.close();
});

/** Whatever kept the worker from starting: the contact still waits for its call, and nobody was dialled. */
async function expectNothingLost(): Promise<void> {
  expect(await countByState(world.database.db, campaignId)).toMatchObject({ queued: 1, calling: 0, done: 0 });
  expect(originates(world.record())).toEqual([]);
}

/** Runs a worker that cannot start; returns how it ended and what it said. */
async function startInVain(
  change: Readonly<Record<string, string>>,
): Promise<{ status: number | null; complaints: string[] }> {
  const worker = new WorkerProcess({ env: { ...world.environment(), ...change }, cwd: world.dir });
  try {
    const status = await worker.status();
    return { status, complaints: worker.complaints() };
  } finally {
    await worker.kill();
  }
}

describe.concurrent('a worker that cannot start', { timeout: TEST_DEADLINE_MS }, () => {
  it.each([
    // The longest first: they run side by side.
    {
      trouble: 'when nothing answers at the address of the switch',
      change: () => ({ FREESWITCH_ESL_PORT: String(deadPort) }),
      says: () => new RegExp(`127\\.0\\.0\\.1:${deadPort}`),
    },
    {
      trouble: 'without the password of the switch',
      change: () => ({ FREESWITCH_ESL_PASSWORD: '' }),
      says: /FREESWITCH_ESL_PASSWORD is not set/,
    },
    {
      trouble: 'with a wrong password of the switch',
      change: () => ({ FREESWITCH_ESL_PASSWORD: 'not-the-password' }),
      says: /FREESWITCH_ESL_PASSWORD/,
    },
    {
      trouble: 'with a gateway that the switch does not know',
      change: () => ({ FREESWITCH_GATEWAY: 'nowhere' }),
      says: /no gateway "nowhere".*FREESWITCH_GATEWAY/,
    },
    {
      trouble: 'without a speech model',
      change: () => ({ VOSK_MODEL_PATH: '/nonexistent/model' }),
      says: /\/nonexistent\/model.*VOSK_MODEL_PATH|VOSK_MODEL_PATH.*\/nonexistent\/model/,
    },
    {
      trouble: 'when the database is down',
      change: () => ({ DATABASE_URL: `postgresql://minibot:secret@127.0.0.1:${deadPort}/minibot` }),
      says: () => new RegExp(`127\\.0\\.0\\.1:${deadPort}`),
    },
    {
      trouble: 'when the database refuses the login',
      change: () => {
        const url = new URL(world.database.url);
        url.username = 'nobody_of_that_name';
        url.password = 'secret';
        return { DATABASE_URL: url.href };
      },
      says: /nobody_of_that_name|DATABASE_URL|DB_PASSWORD/,
    },
    {
      trouble: 'when the database does not exist',
      change: () => {
        const url = new URL(world.database.url);
        url.pathname = '/no_such_database';
        return { DATABASE_URL: url.href };
      },
      says: /no_such_database/,
    },
    {
      trouble: 'when Redis is down',
      change: () => ({ REDIS_URL: `redis://127.0.0.1:${deadPort}` }),
      says: /REDIS_URL|Redis/,
    },
  ])('$trouble says so in one line and exits with 1', async ({ change, says }) => {
    const { status, complaints } = await startInVain(change());
    expect(complaints).toEqual([expect.stringMatching(typeof says === 'function' ? says() : says)]);
    expect(complaints[0]).not.toMatch(/\bat .*\.ts:\d+|secret/);
    expect(status).toBe(1);
  });

  it('on a port that is in use says which, and what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no port');
      const { status, complaints } = await startInVain({ STREAMING_ASR_PORT: String(address.port) });
      expect(complaints).toEqual([
        expect.stringMatching(
          new RegExp(`127\\.0\\.0\\.1:${address.port}.*set STREAMING_ASR_PORT to another port`),
        ),
      ]);
      expect(status).toBe(1);
    } finally {
      server.close();
    }
  });

  it('with a wrong .env names every fault at once', async () => {
    const cwd = join(world.dir, 'wrong-env');
    mkdirSync(cwd);
    writeFileSync(
      join(cwd, '.env'),
      ['FREESWITCH_ESL_PORT=banana', 'VAD_MODE=9', 'MAX_CONCURRENT_CALLS=0', 'REDIS_URL=http://here'].join(
        '\n',
      ),
    );
    const worker = new WorkerProcess({ env: {}, cwd });
    expect(await worker.status()).toBe(1);
    for (const name of ['FREESWITCH_ESL_PORT', 'VAD_MODE', 'MAX_CONCURRENT_CALLS', 'REDIS_URL']) {
      expect(worker.output).toMatch(new RegExp(`^ {2}- ${name} .*allowed: `, 'm'));
    }
    expect(worker.output.match(/^error: /gm)).toHaveLength(1);
  });
});

describe.concurrent('a campaign that cannot be run', { timeout: TEST_DEADLINE_MS }, () => {
  it.each([
    {
      trouble: 'a broken scenario',
      scenario: 'broken',
      says: /scenario "broken"[^]*step "hello", field "transitions\.\*": leads to "nowhere"/,
      mend: (own: E2eWorld) => own.write('scenarios/broken.json', JSON.stringify(own.scenario('short'))),
    },
    {
      trouble: 'a recording that does not exist',
      scenario: 'no_recording',
      says: /e2e\/base\/never_recorded\.wav/,
      mend: (own: E2eWorld) => own.write('sounds/e2e/base/never_recorded.wav', toneWav(500)),
    },
  ])('for $trouble says so, calls nobody and loses nobody', async ({ scenario, says, mend }) => {
    const own = await E2eWorld.open({ cast: ['agrees'] });
    try {
      const id = await own.launch({ scenario });
      await own.openWorker();
      await vi.waitFor(() => expect(own.logged('error')).not.toEqual([]), { timeout: TEST_DEADLINE_MS });
      expect(own.logged('error')).toEqual([expect.stringMatching(says)]);
      expect(await own.onlyContact(id)).toMatchObject({
        attempts: [],
        campaignContact: { state: 'queued', attempts: 0 },
      });

      mend(own);
      await own.hasten(id);
      await own.untilCampaignIs(id, 'completed');
      expect((await own.onlyContact(id)).campaignContact.result).toBe('success');
      expect(originates(own.record())).toHaveLength(1);
    } finally {
      await own.close();
    }
  });

  it('calls nobody twice for a recording that only the switch could know to be missing', async () => {
    const own = await E2eWorld.open({
      cast: ['agrees'],
      env: { FREESWITCH_SOUNDS_DIR: '/nonexistent/on-the-switch' },
    });
    try {
      const id = await own.launch();
      await own.openWorker();
      await own.untilCampaignIs(id, 'completed');
      expect(await own.onlyContact(id)).toMatchObject({
        attempts: [{ result: 'failed', counted: true, steps: ['hello'] }],
        campaignContact: { state: 'done', result: 'failed', attempts: 1 },
      });
      expect(originates(own.record())).toHaveLength(1);
      expect(channelsLeft(own.record())).toEqual([]);
      expect(own.logged('warn', 'error')).toContainEqual(expect.stringMatching(/FILE NOT FOUND/));
    } finally {
      await own.close();
    }
  });
});
