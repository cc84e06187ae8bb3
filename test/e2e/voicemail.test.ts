import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ContactReport } from '../../src/db/campaign-report.ts';
import type { PersonaName } from '../helpers/e2e-personas.ts';
import { expectDecentRecord, ofPrompt } from '../helpers/e2e-record.ts';
import { E2eWorld } from '../helpers/e2e-world.ts';

const CAST: readonly PersonaName[] = ['machine-without-beep', 'machine', 'full-mailbox', 'speaks-long'];
const MESSAGE_MS = 1500;
const CAMPAIGN_DEADLINE_MS = 60_000;

let world: E2eWorld;
let reports: ContactReport[];

beforeAll(async () => {
  world = await E2eWorld.open({ cast: CAST, env: { MAX_CONCURRENT_CALLS: '4' } });
  const campaignId = await world.launch({ scenario: 'with_message' });
  await world.openWorker();
  await world.untilCampaignIs(campaignId, 'completed', CAMPAIGN_DEADLINE_MS);
  reports = await world.report(campaignId);
}, CAMPAIGN_DEADLINE_MS + 40_000);
afterAll(() => world.close());

function attemptOf(persona: PersonaName) {
  const report = reports.find(({ contact }) => contact.tags.includes(persona));
  const attempt = report?.attempts.at(-1);
  if (report === undefined || attempt === undefined) throw new Error(`${persona} was not called`);
  return { attempt, record: world.record(report.contact.phone) };
}

it.each(['machine', 'machine-without-beep'] as const)('leaves the message on %s', (persona) => {
  const { attempt, record } = attemptOf(persona);
  expect(attempt).toMatchObject({
    result: 'answering_machine',
    amdResult: 'MACHINE',
    voicemailCompleted: true,
    steps: [],
  });
  expect(attempt.voicemailPlayedMs).toBeGreaterThanOrEqual(MESSAGE_MS - 100);
  expect(ofPrompt(record, 'message.wav').map(({ type }) => type)).toEqual([
    'playback-started',
    'playback-ended',
  ]);
  expectDecentRecord(record);
});

it('leaves none on a full mailbox', () => {
  const { attempt, record } = attemptOf('full-mailbox');
  expect(attempt).toMatchObject({ result: 'answering_machine', voicemailPlayedMs: null });
  expect(ofPrompt(record, 'message.wav')).toEqual([]);
});

it('talks to a person who speaks for long', () => {
  const { attempt, record } = attemptOf('speaks-long');
  expect(attempt.amdResult).not.toBe('MACHINE');
  expect(attempt.steps[0]).toBe('hello');
  expect(ofPrompt(record, 'message.wav')).toEqual([]);
});
