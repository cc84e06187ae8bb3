import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TurnLatencies } from '../../../src/call-engine/ports.ts';
import { upsertTurns } from '../../../src/db/call-interactions.ts';
import type { Database } from '../../../src/db/client.ts';
import { reserveAttempt } from '../../../src/db/calls.ts';
import { calls, type Call } from '../../../src/db/schema.ts';
import { createRunningCampaign, reservation } from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { runCli } from './run-cli.ts';

const TIMEOUT_MS = 120_000;
const AT = new Date('2026-11-26T10:00:00.000Z');
const NONE: TurnLatencies = {
  bargeInMs: null,
  asrMs: null,
  intentMs: null,
  totalMs: null,
  endpointingMs: null,
  responseMs: null,
};

let database: Database;

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

const cli = (...args: string[]) =>
  runCli(['benchmark-streaming', ...args], {
    cwd: tmpdir(),
    env: { DATABASE_URL: database.url, TARGET_ASR_LATENCY: '300' },
  });

async function answered(call: Call, at: Date): Promise<void> {
  await database.db.update(calls).set({ answeredAt: at }).where(eq(calls.id, call.id));
}

async function took(call: Call, measured: readonly Partial<TurnLatencies>[]): Promise<void> {
  const turns = measured.map((latencies, index) => ({
    at: AT,
    turn: {
      turnNumber: index + 1,
      step: randomUUID(),
      transcript: 'oui',
      asrConfidence: 1,
      intent: 'affirm' as const,
      intentConfidence: 1,
      processingMethod: 'local' as const,
      bargeIn: false,
      speechNumber: null,
      objectionId: null,
      nextStep: null,
      latencies: { ...NONE, ...latencies },
    },
  }));
  await upsertTurns(database.db, call.id, turns);
}

it(
  'shows what was measured beside the targets, of the last calls or of one campaign',
  async () => {
    expect((await cli()).stdout).toContain('No turn has been measured yet');
    const { campaignId, contacts } = await createRunningCampaign(database.db, { size: 2 });
    const [older, latest] = await Promise.all(
      contacts.map(async (contact) => {
        const { call } = await reserveAttempt(database.db, reservation(campaignId, contact));
        return call;
      }),
    );
    if (older === undefined || latest === undefined) throw new Error('two calls are needed');
    await answered(older, AT);
    await took(older, [{ asrMs: 900 }]);
    await answered(latest, new Date(AT.getTime() + 60_000));
    await took(latest, [
      { asrMs: 250.4, totalMs: 540, endpointingMs: 470, responseMs: 70 },
      { asrMs: 310, bargeInMs: 90 },
    ]);

    const { stdout, status } = await cli('--last', '1');
    expect(status).toBe(0);
    expect(stdout).toContain('Latencies of the last 1 answered calls, 2 turns');
    expect(stdout).toMatch(/asr .*final transcript +2 +250 ms +310 ms +300 ms +50 % +✘/);
    expect(stdout).toMatch(/barge_in .* +1 +90 ms +90 ms +150 ms +100 % +✔/);
    expect(stdout).toMatch(/endpointing .* +1 +470 ms +470 ms +– +–/);

    const all = JSON.parse((await cli('--json')).stdout) as { latencies: { name: string }[] };
    expect(all).toMatchObject({ campaignId: null, calls: 2, turns: 3 });
    expect(all.latencies.find(({ name }) => name === 'asr')).toEqual({
      name: 'asr',
      turns: 3,
      p50Ms: 310,
      p95Ms: 900,
      p99Ms: 900,
      targetMs: 300,
      withinTarget: 1 / 3,
    });
    const one = await cli('--json', '--campaign', String(campaignId), '--last', '1');
    expect(JSON.parse(one.stdout)).toMatchObject({ campaignId, calls: 1, turns: 2 });
    expect(await cli('--campaign', '999999')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('there is no campaign 999999') as string,
    });
  },
  TIMEOUT_MS,
);
