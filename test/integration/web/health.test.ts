import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { openTestRedis } from '../../helpers/redis.ts';
import { CampaignWorld } from '../queues/fixture.ts';
import { openWebDoor, type WebDoor } from './fixture.ts';

const redis = await openTestRedis();
afterAll(() => redis?.close());

const STORES = [
  ['queues in Postgres', null],
  ...(redis === null ? [] : [['queues on Redis', redis.url] as const]),
] as const;

let world: CampaignWorld;
let door: WebDoor;

beforeEach(async () => {
  world = await CampaignWorld.open(null);
});
afterEach(async () => {
  await door.close();
  await world.close();
});

it.each(STORES)('is told without login, and says no more than it must: %s', async (_name, redisUrl) => {
  await world.close();
  world = await CampaignWorld.open(redisUrl);
  door = await openWebDoor(world);
  const response = await door.request('/health', { login: null });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok', version: '1.2.3', database: 'ok', queue: 'ok' });
});

it('is not good when the queue does not answer', async () => {
  let asked = 0;
  const ping = () => {
    asked += 1;
    return Promise.reject(new Error('redis://:s3cret@host is down'));
  };
  const backend = Object.assign(Object.create(world.backend) as typeof world.backend, { ping });
  door = await openWebDoor({ db: world.db, gate: world.gate, backend });
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => door.request('/health', { login: null })),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
  const [first] = answers;
  const body = await first?.text();
  expect(JSON.parse(body ?? '')).toEqual({
    status: 'unavailable',
    version: '1.2.3',
    database: 'ok',
    queue: 'unavailable',
  });
  // However many ask, the queue is asked once.
  expect(asked).toBe(1);
});
