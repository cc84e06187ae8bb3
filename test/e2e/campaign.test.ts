import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContactReport } from '../../src/db/campaign-report.ts';
import type { PersonaName } from '../helpers/e2e-personas.ts';
import {
  channelsLeft,
  expectDecentRecord,
  mostCallsAtOnce,
  originateSpansMs,
  ofPrompt,
  originates,
} from '../helpers/e2e-record.ts';
import { E2eWorld } from '../helpers/e2e-world.ts';
import { openTestRedis } from '../helpers/redis.ts';
import { withClient } from '../helpers/test-server.ts';

const redis = await openTestRedis();
afterAll(() => redis?.close());

/** Those who take longest first: nobody is left calling alone at the end. */
const CAST: readonly PersonaName[] = [
  'no-answer-then-agrees',
  'busy',
  'early-media',
  'objects',
  'interrupts',
  'murmurs',
  'agrees',
  'machine',
  'noise',
  'stays-silent',
  'refuses',
  'hangs-up',
  'opts-out',
  'invalid-number',
];
const MAX_CONCURRENT_CALLS = 8;
const CALL_DELAY_MS = 300;
/** Far above the 20 s that it takes. */
const CAMPAIGN_DEADLINE_MS = 80_000;

interface Run {
  world: E2eWorld;
  reports: ContactReport[];
  /** Of a second campaign, for the person who had asked not to be called again. */
  secondReports: ContactReport[];
}

/** One worker, one campaign, the whole cast, then a second campaign. */
async function run(redisUrl: string | null): Promise<Run> {
  const world = await E2eWorld.open({
    cast: CAST,
    redisUrl,
    env: { MAX_CONCURRENT_CALLS: String(MAX_CONCURRENT_CALLS), CALL_DELAY: String(CALL_DELAY_MS / 1000) },
  });
  try {
    const campaignId = await world.launch();
    const worker = await world.openWorker();
    await world.untilCampaignIs(campaignId, 'completed', CAMPAIGN_DEADLINE_MS);
    const secondId = await world.launch({ tags: ['opts-out'] });
    await world.untilCampaignIs(secondId, 'completed');
    await worker.close({ graceMs: 0 });
    return {
      world,
      reports: await world.report(campaignId),
      secondReports: await world.report(secondId),
    };
  } catch (error) {
    await world.close();
    throw error;
  }
}

const BACKENDS = [
  { store: 'Postgres', redisUrl: null, skipped: false },
  { store: 'Redis', redisUrl: redis?.url ?? null, skipped: redis === null },
] as const;

/** Both at once: they wait for audio most of the time. */
const runs = new Map<string, Run>();
beforeAll(async () => {
  const wanted = BACKENDS.filter(({ skipped }) => !skipped);
  const settled = await Promise.allSettled(
    wanted.map(async ({ store, redisUrl }) => runs.set(store, await run(redisUrl))),
  );
  for (const outcome of settled) if (outcome.status === 'rejected') throw outcome.reason;
}, CAMPAIGN_DEADLINE_MS + 40_000);
afterAll(async () => {
  await Promise.all([...runs.values()].map(({ world }) => world.close()));
});

describe.each(BACKENDS)('a campaign with its queue in $store', ({ store, skipped }) => {
  const theRun = (): Run => {
    const found = runs.get(store);
    if (found === undefined) throw new Error(`there was no campaign on ${store}`);
    return found;
  };
  const person = (persona: PersonaName): ContactReport => {
    const found = theRun().reports.find(({ contact }) => contact.tags.includes(persona));
    if (found === undefined) throw new Error(`${persona} is not in the campaign`);
    return found;
  };
  const lastAttempt = (persona: PersonaName) => {
    const attempt = person(persona).attempts.at(-1);
    if (attempt === undefined) throw new Error(`${persona} was not called`);
    return attempt;
  };
  const recordOf = (persona: PersonaName) => theRun().world.record(person(persona).contact.phone);

  it.skipIf(skipped).each([
    { persona: 'agrees', results: ['success'], cause: 'NORMAL_CLEARING', sip: null },
    { persona: 'early-media', results: ['success'], cause: 'NORMAL_CLEARING', sip: null },
    { persona: 'refuses', results: ['not_interested'], cause: 'NORMAL_CLEARING', sip: null },
    { persona: 'objects', results: ['success'], cause: 'NORMAL_CLEARING', sip: null },
    { persona: 'interrupts', results: ['success'], cause: 'NORMAL_CLEARING', sip: null },
    { persona: 'murmurs', results: ['success'], cause: 'NORMAL_CLEARING', sip: null },
    { persona: 'hangs-up', results: ['hangup'], cause: 'NORMAL_CLEARING', sip: 200 },
    { persona: 'machine', results: ['answering_machine'], cause: 'NORMAL_CLEARING', sip: null },
    { persona: 'busy', results: ['busy', 'busy'], cause: 'USER_BUSY', sip: 486 },
    {
      persona: 'no-answer-then-agrees',
      results: ['no_answer', 'success'],
      cause: 'NORMAL_CLEARING',
      sip: null,
    },
    { persona: 'invalid-number', results: ['invalid_number'], cause: 'UNALLOCATED_NUMBER', sip: 404 },
    { persona: 'opts-out', results: ['opt_out'], cause: 'NORMAL_CLEARING', sip: null },
    { persona: 'stays-silent', results: ['silence'], cause: 'NORMAL_CLEARING', sip: null },
    { persona: 'noise', results: ['silence'], cause: 'NORMAL_CLEARING', sip: null },
  ] as const)('writes down what came of $persona: $results', ({ persona, results, cause, sip }) => {
    const { campaignContact, attempts } = person(persona);
    expect(attempts.map(({ result }) => result)).toEqual(results);
    expect(attempts.every(({ status, counted }) => status === 'completed' && counted === true)).toBe(true);
    expect(campaignContact).toMatchObject({
      state: 'done',
      result: results.at(-1),
      attempts: results.length,
    });
    expect(lastAttempt(persona)).toMatchObject({ hangupCause: cause, sipStatus: sip });
  });

  it.skipIf(skipped)('walks the steps that the answers lead to', () => {
    expect(lastAttempt('agrees').steps).toEqual(['hello', 'offer', 'bye']);
    expect(lastAttempt('refuses').steps).toEqual(['hello', 'bye_not_interested']);
    expect(lastAttempt('objects').steps).toEqual(['hello', 'offer', 'handle_objection', 'bye']);
    expect(lastAttempt('interrupts').steps).toEqual(['hello', 'offer', 'bye']);
    expect(lastAttempt('hangs-up')).toMatchObject({ steps: ['hello', 'offer'], endReason: 'hangup' });
    expect(lastAttempt('stays-silent').steps).toEqual(['hello', 'bye_silence']);
    expect(lastAttempt('busy')).toMatchObject({ steps: [], answeredAt: null, durationMs: null });
  });

  it.skipIf(skipped)('keeps each turn with its words, intent and latencies', () => {
    const { turns, transcription, durationMs } = lastAttempt('agrees');
    expect(turns).toEqual([
      expect.objectContaining({
        turnNumber: 1,
        step: 'hello',
        transcription: 'oui allez-y',
        intent: 'affirm',
        nextStep: 'offer',
        bargeInDetected: false,
        bargeInLatencyMs: null,
      }),
      expect.objectContaining({
        turnNumber: 2,
        step: 'offer',
        transcription: 'oui je suis disponible mardi',
        intent: 'affirm',
        nextStep: 'bye',
      }),
    ]);
    for (const turn of turns) {
      expect(turn.asrLatencyMs).toBeGreaterThanOrEqual(0);
      expect(turn.intentLatencyMs).toBeGreaterThanOrEqual(0);
      expect(turn.totalLatencyMs).toBeGreaterThan(0);
      expect(turn.asrConfidence).toBeGreaterThan(0);
      expect(turn.intentConfidence).toBeGreaterThan(0);
      expect(turn.processingMethod).not.toBe('timeout');
      expect(turn.streamingMetadata.endpointing_ms).toBeGreaterThan(0);
      expect(turn.streamingMetadata.response_ms).toBeGreaterThanOrEqual(0);
    }
    expect(transcription).toBe('oui allez-y\noui je suis disponible mardi');
    expect(durationMs).toBeGreaterThan(0);

    expect(lastAttempt('stays-silent').turns).toEqual([
      expect.objectContaining({ intent: 'silence', processingMethod: 'timeout', transcription: '' }),
    ]);
    const objection = lastAttempt('objects').turns.find(({ step }) => step === 'offer');
    expect(objection).toMatchObject({
      transcription: "c'est trop cher",
      objectionId: 'standard/too_expensive',
    });
  });

  it.skipIf(skipped)('tells people from machines', () => {
    expect(lastAttempt('agrees')).toMatchObject({ amdResult: 'HUMAN' });
    expect(lastAttempt('machine')).toMatchObject({
      amdResult: 'MACHINE',
      endReason: 'answering-machine',
      steps: [],
    });
    expect(lastAttempt('machine').amdReason).not.toBeNull();
    expect(lastAttempt('machine').amdAfterMs).toBeGreaterThan(0);
    expect(lastAttempt('busy').amdResult).toBeNull();
  });

  it.skipIf(skipped)('breaks the prompt where somebody speaks over it', () => {
    const turn = lastAttempt('interrupts').turns.find(({ step }) => step === 'offer');
    expect(turn).toMatchObject({ bargeInDetected: true, intent: 'affirm' });
    expect(turn?.bargeInLatencyMs).toBeGreaterThanOrEqual(0);

    const record = recordOf('interrupts');
    const ofOffer = ofPrompt(record, 'offer.wav');
    expect(ofOffer.map(({ type }) => type)).toEqual([
      'playback-started',
      'playback-paused',
      'playback-ended',
    ]);
    // It was spoken into at 1500 ms of 4000; heard after the onset window, stopped where it was paused.
    const [, paused, ended] = ofOffer;
    expect(paused?.['positionMs']).toBeGreaterThan(1500);
    expect(paused?.['positionMs']).toBeLessThan(3000);
    expect(ended).toMatchObject({ outcome: 'break' });
    expect(Number(ended?.['positionMs']) - Number(paused?.['positionMs'])).toBeLessThanOrEqual(100);
  });

  it.skipIf(skipped)('goes on where it was when somebody only murmurs', () => {
    const ofOffer = ofPrompt(recordOf('murmurs'), 'offer.wav');
    expect(ofOffer.map(({ type }) => type)).toEqual([
      'playback-started',
      'playback-paused',
      'playback-resumed',
      'playback-ended',
    ]);
    expect(ofOffer[2]?.['positionMs']).toBe(ofOffer[1]?.['positionMs']);
    expect(ofOffer[3]).toMatchObject({ outcome: 'done' });
    expect(lastAttempt('murmurs').turns.some(({ bargeInDetected }) => bargeInDetected)).toBe(false);
  });

  it.skipIf(skipped)('stores how much each person heard of who calls them', () => {
    const discloses = ['automated', 'caller', 'opposition'];
    expect(lastAttempt('agrees').disclosure).toEqual([
      { step: 'hello', discloses, heardMs: 1000, totalMs: 1000, interrupted: false },
    ]);
    expect(lastAttempt('machine').disclosure).toEqual([]);
    expect(lastAttempt('busy').disclosure).toBeNull();
  });

  it.skipIf(skipped)(
    'writes an opt-out in one transaction with its outcome, and never calls again',
    async () => {
      const { world, secondReports } = theRun();
      const { phone } = person('opts-out').contact;
      const rows = await withClient(world.database.url, async (client) => {
        const { rows } = await client.query(
          `select d.source_call_id, d.reason, d.xmin = cc.xmin as together
         from oppositions d join calls c on c.call_uuid = d.source_call_id
         join campaign_contacts cc on cc.id = c.campaign_contact_id where c.phone = $1`,
          [phone],
        );
        return rows as unknown[];
      });
      expect(rows).toEqual([
        { source_call_id: lastAttempt('opts-out').id, reason: 'opt_out', together: true },
      ]);

      expect(secondReports).toEqual([
        expect.objectContaining({
          attempts: [],
          campaignContact: expect.objectContaining({
            result: 'refused_by_gate',
            nextReason: 'opposed: asked not to be called',
          }) as unknown,
        }),
      ]);
      expect(originates(world.record(phone))).toHaveLength(1);
    },
  );

  it.skipIf(skipped)('dials each attempt once, in its channel, and leaves nobody on the line', () => {
    const { world, reports } = theRun();
    const record = world.record();
    expectDecentRecord(record);
    const attempts = reports.flatMap((report) => report.attempts.map(({ id }) => id));
    expect(
      originates(record)
        .map(({ uuid }) => uuid)
        .sort(),
    ).toEqual(attempts.sort());
    expect(channelsLeft(record)).toEqual([]);
  });

  it.skipIf(skipped)('keeps to the pace and the number of calls at once', () => {
    const record = theRun().world.record();
    expect(mostCallsAtOnce(record)).toBeLessThanOrEqual(MAX_CONCURRENT_CALLS);
    // Not exact to the millisecond: the pace starts jobs, and a job asks the database before it dials.
    const pauses = MAX_CONCURRENT_CALLS - 1;
    const spans = originateSpansMs(record, MAX_CONCURRENT_CALLS);
    expect(spans.length).toBeGreaterThan(0);
    expect(Math.min(...spans)).toBeGreaterThan((pauses * CALL_DELAY_MS) / 2);
  });

  it.skipIf(skipped)('does to everybody what they expect', () => {
    const verdicts = theRun()
      .world.record()
      .filter(({ type }) => type === 'verdict');
    expect(verdicts.length).toBeGreaterThan(0);
    expect(verdicts.filter(({ ok }) => ok !== true)).toEqual([]);
  });

  it.skipIf(skipped)('logs no error', () => {
    expect(theRun().world.logged('error', 'fatal')).toEqual([]);
  });
});
