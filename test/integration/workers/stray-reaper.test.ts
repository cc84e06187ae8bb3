import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../src/db/client.ts';
import { StrayReaper } from '../../../src/workers/stray-reaper.ts';
import { createTestDatabase } from '../../helpers/database.ts';

const LONG_MS = 3_600_000;

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** What lives on the switch, and what was done to it. */
let channels: string[];
let hungUp: string[];
let asked: number;
let isReady: boolean;
let ownCalls: Set<string>;
beforeEach(() => {
  channels = [randomUUID()];
  hungUp = [];
  asked = 0;
  isReady = true;
  ownCalls = new Set();
});

function reaper(options: { everyMs: number; certainAfterMs: number }): StrayReaper {
  const telephony = {
    isReady: () => isReady,
    listChannels: () => {
      asked += 1;
      return Promise.resolve(
        channels.map((channelUuid) => ({ channelUuid, createdAt: null, answered: true })),
      );
    },
    hangUpChannel: (channelUuid: string) => {
      hungUp.push(channelUuid);
      channels = channels.filter((other) => other !== channelUuid);
      return Promise.resolve();
    },
  };
  return new StrayReaper(
    { db: database.db, telephony, ownCalls, logger: pino({ level: 'silent' }) },
    options,
  );
}

it('hangs up a channel that it saw twice, not at first sight', async () => {
  const [stray] = channels;
  const sweeper = reaper({ everyMs: 0, certainAfterMs: 0 });
  await sweeper.sweepIfDue();
  expect(hungUp).toEqual([]);
  await sweeper.sweepIfDue();
  expect(hungUp).toEqual([stray]);
});

it('leaves a channel alone until it is certain', async () => {
  const sweeper = reaper({ everyMs: 0, certainAfterMs: LONG_MS });
  await sweeper.sweepIfDue();
  // The switch was away and is back: it looks again at once.
  isReady = false;
  await sweeper.sweepIfDue();
  isReady = true;
  await sweeper.sweepIfDue();
  expect({ asked, hungUp }).toEqual({ asked: 2, hungUp: [] });
});

it('begins anew with a channel that was gone or had an owner in between', async () => {
  const [stray] = channels;
  const sweeper = reaper({ everyMs: 0, certainAfterMs: 0 });
  await sweeper.sweepIfDue();
  channels = [];
  await sweeper.sweepIfDue();
  channels = [stray ?? ''];
  await sweeper.sweepIfDue();
  expect(hungUp).toEqual([]);
});

it('leaves a call of this process alone, whatever the database says of its attempt', async () => {
  const sweeper = reaper({ everyMs: 0, certainAfterMs: 0 });
  ownCalls.add(channels[0] ?? '');
  for (let sweeps = 0; sweeps < 3; sweeps += 1) await sweeper.sweepIfDue();
  expect({ asked, hungUp }).toEqual({ asked: 3, hungUp: [] });
});

it('asks nothing of a switch that is away, and waits between looks', async () => {
  channels = [];
  isReady = false;
  const sweeper = reaper({ everyMs: LONG_MS, certainAfterMs: 0 });
  await sweeper.sweepIfDue();
  expect(asked).toBe(0);
  isReady = true;
  await sweeper.sweepIfDue();
  await sweeper.sweepIfDue();
  expect(asked).toBe(1);
});
