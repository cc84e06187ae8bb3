import { describe, expect, it } from 'vitest';
import { FRANCE_LEGAL_WINDOW } from '../../../src/compliance/calling-window.ts';
import type { Standing } from '../../../src/compliance/consent.ts';
import { mayCall, type AttemptFacts, type GateFacts } from '../../../src/compliance/gate.ts';
import { pick, seededRandom } from '../../helpers/random.ts';

const NOW = new Date('2026-11-23T10:30:00+01:00');
const NIGHT = new Date('2026-11-23T03:00:00+01:00');
const DAY_MS = 86_400_000;
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY_MS);

const never = { held: false, why: 'never given' } as const;
const CONSENTED: Standing = {
  consent: { held: true, since: daysAgo(10), until: null },
  contract: never,
  professional: never,
};

const NO_ATTEMPTS: AttemptFacts = {
  countedInCampaign: 0,
  maxInCampaign: 3,
  recentAt: [],
  maxPer30Days: 4,
  lastRefusalAt: null,
  refusalPauseDays: 60,
};

function facts(change: Partial<GateFacts> = {}, attempts: Partial<AttemptFacts> = {}): GateFacts {
  return {
    contactPhone: '+33199000012',
    timeZone: null,
    opposed: false,
    basis: 'consent',
    standing: CONSENTED,
    contractRequiresConsent: true,
    callerId: { shown: '+33162000000', declared: ['+33162000000'], check: 'strict' },
    allowedCountryCodes: ['33', '262', '508', '590', '594', '596'],
    window: FRANCE_LEGAL_WINDOW,
    now: NOW,
    ringTimeoutMs: 30_000,
    exemptFictionNumbers: false,
    testNumbers: null,
    ...change,
    attempts: { ...NO_ATTEMPTS, ...attempts },
  };
}

describe('mayCall', () => {
  it('lets an ordinary call through', () => {
    expect(mayCall(facts())).toMatchObject({ allowed: true });
  });

  it.each([
    ['a forbidden number', facts({ contactPhone: '+33899000000' }), 'forbidden_number', null],
    ['no number at all', facts({ contactPhone: '' }), 'forbidden_number', null],
    ['a country that is not allowed', facts({ allowedCountryCodes: ['262'] }), 'forbidden_number', null],
    ['an opposition', facts({ opposed: true }), 'opposed', null],
    ['all attempts made', facts({}, { countedInCampaign: 3 }), 'attempts_exhausted', null],
    ['no attempts allowed', facts({}, { maxInCampaign: 0 }), 'attempts_exhausted', null],
    ['night', facts({ now: NIGHT }), 'outside_hours', '2026-11-23T10:00:00+01:00'],
    [
      'a holiday',
      facts({ now: new Date('2026-11-11T11:00:00+01:00') }),
      'holiday',
      '2026-11-12T10:00:00+01:00',
    ],
    [
      "night at the contact's, by its own zone",
      facts({ timeZone: 'America/Martinique' }),
      'outside_hours',
      '2026-11-23T10:00:00-04:00',
    ],
    [
      "night at the contact's, by its number",
      facts({ contactPhone: '+596596000000' }),
      'outside_hours',
      '2026-11-23T10:00:00-04:00',
    ],
    ['a number of an unknown zone', facts({ contactPhone: '+262976000000' }), 'time_zone_unknown', null],
    [
      'a refusal less than 60 days ago',
      facts({}, { lastRefusalAt: daysAgo(59) }),
      'refused_recently',
      '2026-11-24T10:30:00+01:00',
    ],
    [
      'a refusal whose pause ends on a Saturday',
      facts({}, { lastRefusalAt: daysAgo(55) }),
      'refused_recently',
      '2026-11-30T10:00:00+01:00',
    ],
    [
      'four attempts within 30 days: again when the first has passed',
      facts({}, { recentAt: [daysAgo(1), daysAgo(29), daysAgo(3), daysAgo(2)] }),
      'attempts_per_30_days',
      '2026-11-24T10:30:00+01:00',
    ],
    [
      'five attempts: again when two have passed',
      facts({}, { recentAt: [29, 28, 3, 2, 1].map(daysAgo) }),
      'attempts_per_30_days',
      '2026-11-25T10:30:00+01:00',
    ],
  ])('refuses for %s', (_name, given, reason, retryAt) => {
    expect(mayCall(given)).toEqual({
      allowed: false,
      reason,
      retryAt: retryAt === null ? null : new Date(retryAt),
      detail: expect.any(String) as string,
    });
  });

  it('waits for both pauses when two apply', () => {
    const verdict = mayCall(
      facts({}, { lastRefusalAt: daysAgo(58), recentAt: [daysAgo(20), daysAgo(3), daysAgo(2), daysAgo(1)] }),
    );
    expect(verdict).toMatchObject({
      reason: 'refused_recently',
      retryAt: new Date('2026-12-03T10:30:00+01:00'),
    });
  });

  it('counts an attempt for exactly 30 days, a refusal for exactly 60', () => {
    const recentAt = [daysAgo(30), daysAgo(3), daysAgo(2), daysAgo(1)];
    expect(mayCall(facts({}, { recentAt, lastRefusalAt: daysAgo(60) }))).toMatchObject({ allowed: true });
  });

  it('starts no ringing that would last into the lunch break', () => {
    const now = new Date('2026-11-23T12:59:45+01:00');
    expect(mayCall(facts({ now, ringTimeoutMs: 14_000 }))).toMatchObject({ allowed: true });
    expect(mayCall(facts({ now, ringTimeoutMs: 30_000 }))).toMatchObject({
      reason: 'outside_hours',
      retryAt: new Date('2026-11-23T14:00:00+01:00'),
    });
  });

  it('needs no time zone where the campaign goes by a fixed clock, or by none', () => {
    const contactPhone = '+262976000000';
    const fixed = { ...FRANCE_LEGAL_WINDOW, timeZone: 'Indian/Reunion' };
    const off = { ...FRANCE_LEGAL_WINDOW, enabled: false };
    expect(
      mayCall(facts({ contactPhone, window: fixed, now: new Date('2026-11-23T14:30:00+04:00') })),
    ).toMatchObject({ allowed: true });
    expect(mayCall(facts({ contactPhone, window: off, now: NIGHT }))).toMatchObject({ allowed: true });
  });

  it('respects the opposition list and the limits also when the window is switched off', () => {
    const window = { ...FRANCE_LEGAL_WINDOW, enabled: false };
    expect(mayCall(facts({ window, opposed: true }))).toMatchObject({ reason: 'opposed' });
    expect(mayCall(facts({ window }, { lastRefusalAt: daysAgo(1) }))).toMatchObject({
      reason: 'refused_recently',
    });
  });
});

describe('what makes no sense is a no', () => {
  const never = new Date(Number.NaN);
  it.each([
    ['now', facts({ now: never })],
    ['the zone', facts({ timeZone: 'Mars/Olympus' })],
    ['the ring timeout', facts({ ringTimeoutMs: Number.NaN })],
    ['a negative ring timeout', facts({ ringTimeoutMs: -1 })],
    ['the count', facts({}, { countedInCampaign: Number.NaN })],
    ['a negative count', facts({}, { countedInCampaign: -1 })],
    ['the limit', facts({}, { maxInCampaign: Number.POSITIVE_INFINITY })],
    ['the rolling limit', facts({}, { maxPer30Days: Number.NaN })],
    ['a rolling limit of none', facts({}, { maxPer30Days: 0 })],
    ['an attempt', facts({}, { recentAt: [never] })],
    ['the refusal', facts({}, { lastRefusalAt: never })],
    ['the pause', facts({}, { refusalPauseDays: Number.NaN })],
  ])('%s', (_name, given) => {
    expect(mayCall(given)).toMatchObject({ allowed: false, reason: 'facts_unusable', retryAt: null });
  });
});

describe('a call to try the system', () => {
  const busy: Partial<AttemptFacts> = { recentAt: [1, 2, 3, 4, 5].map(daysAgo), lastRefusalAt: daysAgo(1) };
  const ours = {
    testNumbers: [facts().contactPhone],
    standing: { consent: never, contract: never, professional: never },
  };

  it('goes to who agreed to it, without consent records, however often they were called or said no', () => {
    expect(mayCall(facts(ours, busy))).toMatchObject({ allowed: true });
  });

  it('goes to nobody else, consent or not', () => {
    expect(mayCall(facts({ testNumbers: ['+33199010099'] }))).toMatchObject({
      reason: 'not_a_test_number',
      retryAt: null,
    });
    expect(mayCall(facts({ testNumbers: [] }))).toMatchObject({ reason: 'not_a_test_number' });
  });

  it('keeps to hours, caller ID, opposition list and numbers that are never dialled', () => {
    expect(mayCall(facts({ ...ours, now: NIGHT }))).toMatchObject({ reason: 'outside_hours' });
    const callerId = { shown: null, declared: [], check: 'strict' } as const;
    expect(mayCall(facts({ ...ours, callerId }))).toMatchObject({ reason: 'caller_id_not_allowed' });
    expect(mayCall(facts({ ...ours, opposed: true }))).toMatchObject({ reason: 'opposed' });
    const premium = '+33899000000';
    expect(mayCall(facts({ contactPhone: premium, testNumbers: [premium] }))).toMatchObject({
      reason: 'forbidden_number',
    });
  });
});

describe('the exemption for numbers of fiction', () => {
  const busy: Partial<AttemptFacts> = { recentAt: [1, 2, 3, 4, 5].map(daysAgo), lastRefusalAt: daysAgo(1) };

  it.each(['+33199000012', '+33261910000', '+33353019999', '+33465710000', '+33536490000', '+33639980001'])(
    'lets %s through at night and however often it was tried',
    (contactPhone) => {
      expect(mayCall(facts({ contactPhone, now: NIGHT, exemptFictionNumbers: true }, busy))).toMatchObject({
        allowed: true,
      });
    },
  );

  it('is off unless asked for', () => {
    expect(mayCall(facts({ now: NIGHT }))).toMatchObject({ allowed: false });
  });

  it('never overrides the opposition list, the campaign’s attempts, nonsense', () => {
    const exempt = { now: NIGHT, exemptFictionNumbers: true };
    expect(mayCall(facts({ ...exempt, opposed: true }))).toMatchObject({ reason: 'opposed' });
    expect(mayCall(facts(exempt, { countedInCampaign: 3 }))).toMatchObject({ reason: 'attempts_exhausted' });
    expect(mayCall(facts(exempt, { countedInCampaign: Number.NaN }))).toMatchObject({
      reason: 'facts_unusable',
    });
  });

  it('holds for no other number: neighbours of the blocks, longer and shorter ones, random ones', () => {
    const random = seededRandom(6398);
    const neighbours = [
      ...['+33199010000', '+33198990000', '+33261900000', '+33261920000', '+33353000000', '+33353020000'],
      ...['+33465700000', '+33465720000', '+33536480000', '+33536500000', '+33639970000', '+33639990000'],
      ...['+331990000', '+3319900000123', '33199000012', '0199000012', ' +33199000012', '+33199000012\n'],
      ...['+262639980001', '+590199000012', '+33 1 99 00 00 12', '+33199000012;+33612345678'],
    ];
    const digits = (count: number): string =>
      Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
    const others = Array.from(
      { length: 2000 },
      () => `+33${pick(random, ['1', '2', '3', '4', '5', '6', '7', '9'])}${digits(8)}`,
    );
    for (const contactPhone of [...neighbours, ...others]) {
      if (
        /^\+33(19900|26191|35301|46571|53649|63998)\d{4}$/.test(contactPhone) &&
        !contactPhone.endsWith('\n')
      )
        continue;
      const verdict = mayCall(facts({ contactPhone, now: NIGHT, exemptFictionNumbers: true }));
      expect(verdict.allowed, contactPhone).toBe(false);
    }
  });
});
