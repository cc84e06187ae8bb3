import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAMPAIGN_BASES } from '../../../src/compliance/basis.ts';
import { FRANCE_LEGAL_WINDOW } from '../../../src/compliance/calling-window.ts';
import { standingOf, type BasisRecord, type Standing } from '../../../src/compliance/consent.ts';
import { mayCall, type GateFacts } from '../../../src/compliance/gate.ts';
import { isReservedForFiction } from '../../../src/phone/numbering-plan.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CALLER_ID = '+33162000000';

const never = { held: false, why: 'never given' } as const;
const held = { held: true, since: new Date(0), until: null } as const;
const NOTHING: Standing = { consent: never, contract: never, professional: never };
const EVERYTHING: Standing = { consent: held, contract: held, professional: held };

/** A territory: a number there, and its clock. */
const PLACES = [
  ['+33612345678', 'Europe/Paris'],
  ['+262692000000', 'Indian/Reunion'],
  ['+262639000000', 'Indian/Mayotte'],
  ['+590690000000', 'America/Guadeloupe'],
  ['+596696000000', 'America/Martinique'],
  ['+594694000000', 'America/Cayenne'],
  ['+508410000', 'America/Miquelon'],
] as const;

function facts(change: Partial<GateFacts>, attempts: Partial<GateFacts['attempts']> = {}): GateFacts {
  return {
    contactPhone: PLACES[0][0],
    timeZone: null,
    opposed: false,
    basis: 'consent',
    standing: EVERYTHING,
    contractRequiresConsent: true,
    callerId: { shown: CALLER_ID, declared: [CALLER_ID], check: 'strict' },
    allowedCountryCodes: ['33', '262', '508', '590', '594', '596'],
    window: FRANCE_LEGAL_WINDOW,
    now: new Date('2026-11-23T10:30:00+01:00'),
    ringTimeoutMs: 30_000,
    exemptFictionNumbers: true,
    testNumbers: null,
    ...change,
    attempts: {
      countedInCampaign: 0,
      maxInCampaign: 3,
      recentAt: [],
      maxPer30Days: 4,
      lastRefusalAt: null,
      refusalPauseDays: 60,
      ...attempts,
    },
  };
}

/** Twelve years, leap day and all switches of the clocks in them. */
const moments = fc
  .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2037, 11, 31) })
  .map((ms) => new Date(ms));
const places = fc.constantFrom(...PLACES);
const pastDays = (now: Date, max: number) =>
  fc.double({ min: 0, max, noNaN: true }).map((days) => new Date(now.getTime() - days * DAY_MS));

/** Day and time on a place's clock, by the platform's own calendar rather than by the library under test. */
function localTime(now: Date, timeZone: string): { weekday: string; day: string; minute: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, weekday: 'short', day: '2-digit', month: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).formatToParts(now);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return {
    weekday: of('weekday'),
    day: `${of('day')}/${of('month')}`,
    minute: Number(of('hour')) * 60 + Number(of('minute')),
  };
}

const FIXED_HOLIDAYS = ['01/01', '01/05', '08/05', '14/07', '15/08', '01/11', '11/11', '25/12'];

describe('whatever the facts', () => {
  it('nobody is called at night, on a Sunday or on a public holiday of theirs', () => {
    fc.assert(
      fc.property(places, moments, ([contactPhone, zone], now) => {
        if (!mayCall(facts({ contactPhone, now })).allowed) return;
        for (const moment of [now, new Date(now.getTime() + 30_000)]) {
          const { weekday, day, minute } = localTime(moment, zone);
          expect(['Sat', 'Sun']).not.toContain(weekday);
          expect(FIXED_HOLIDAYS).not.toContain(day);
          expect((minute >= 600 && minute < 780) || (minute >= 840 && minute < 1200)).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('whoever must wait may be called at the moment that the gate names, and not before it for that reason', () => {
    fc.assert(
      fc.property(
        places,
        moments.chain((now) =>
          fc.record({
            now: fc.constant(now),
            recentAt: fc.array(pastDays(now, 40), { maxLength: 8 }),
            lastRefusalAt: fc.option(pastDays(now, 90)),
          }),
        ),
        ([contactPhone], { now, recentAt, lastRefusalAt }) => {
          const asked = facts({ contactPhone, now }, { recentAt, lastRefusalAt });
          const verdict = mayCall(asked);
          if (verdict.allowed) return;
          expect(verdict.retryAt).not.toBeNull();
          const retryAt = verdict.retryAt ?? now;
          expect(retryAt.getTime()).toBeGreaterThan(now.getTime());
          expect(mayCall({ ...asked, now: retryAt })).toMatchObject({ allowed: true });
          const justBefore = new Date(retryAt.getTime() - 1);
          expect(mayCall({ ...asked, now: justBefore }).allowed).toBe(false);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('nobody who objected, and nobody without the basis that the campaign claims', () => {
    const standings = fc.record({
      consent: fc.constantFrom(never, held),
      contract: fc.constantFrom(never, held),
      professional: fc.constantFrom(never, held),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...CAMPAIGN_BASES),
        standings,
        fc.boolean(),
        fc.boolean(),
        (basis, standing, opposed, contractRequiresConsent) => {
          const { allowed } = mayCall(facts({ basis, standing, opposed, contractRequiresConsent }));
          const isFounded = {
            consent: standing.consent.held,
            contract: standing.contract.held && (!contractRequiresConsent || standing.consent.held),
            professional: standing.professional.held,
            'non-commercial': true,
          }[basis];
          expect(allowed).toBe(isFounded && !opposed);
        },
      ),
    );
  });

  it('the exemption of fiction holds for no other number', () => {
    const digits = fc.stringMatching(/^[0-9]{7,10}$/);
    const numbers = fc.oneof(
      fc
        .tuple(fc.constantFrom('33', '262', '590', '594', '596', '508', '32', ''), digits)
        .map(([code, rest]) => `+${code}${rest}`),
      // Near the blocks: one digit changed, added or left out.
      fc
        .tuple(
          fc.constantFrom('19900', '26191', '35301', '46571', '53649', '63998'),
          fc.stringMatching(/^[0-9]{4}$/),
          fc.nat({ max: 8 }),
          fc.constantFrom('', '0', '5', '9', '00'),
        )
        .map(([block, rest, at, put]) => {
          const number = block + rest;
          return `+33${number.slice(0, at)}${put}${number.slice(at + 1)}`;
        }),
      fc.string({ maxLength: 16 }),
    );
    fc.assert(
      fc.property(numbers, (contactPhone) => {
        fc.pre(!isReservedForFiction(contactPhone));
        const callerId = { shown: null, declared: [], check: 'strict' } as const;
        const night = new Date('2026-11-22T03:00:00Z');
        const recentAt = Array.from({ length: 9 }, () => night);
        for (const change of [
          { standing: NOTHING, now: night, callerId },
          { standing: NOTHING },
          { now: night },
          { callerId },
        ]) {
          expect(mayCall(facts({ contactPhone, ...change })).allowed).toBe(false);
        }
        expect(mayCall(facts({ contactPhone }, { recentAt, maxPer30Days: 4 })).allowed).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('at moments that matter', () => {
  const at = (contactPhone: string, moment: string, attempts: Partial<GateFacts['attempts']> = {}) =>
    mayCall(facts({ contactPhone, now: new Date(moment) }, attempts));

  it.each([
    // Easter Monday 2027 is the day after the clocks go forward.
    ['+33612345678', '2027-03-29T11:00:00+02:00', 'holiday', '2027-03-30T10:00:00+02:00'],
    // Saturday evening before that night: the opening is by the new clock.
    ['+33612345678', '2027-03-27T21:00:00+01:00', 'outside_hours', '2027-03-30T10:00:00+02:00'],
    // The night in which an hour comes twice.
    ['+33612345678', '2026-10-25T02:30:00+01:00', 'outside_hours', '2026-10-26T10:00:00+01:00'],
    // Midnight: still Friday in Guadeloupe, Saturday in Paris and on La Réunion.
    ['+590690000000', '2026-11-28T00:00:00+01:00', null, null],
    ['+33612345678', '2026-11-28T00:00:00+01:00', 'outside_hours', '2026-11-30T10:00:00+01:00'],
    ['+262692000000', '2026-11-28T00:00:00+01:00', 'outside_hours', '2026-11-30T10:00:00+04:00'],
    // Morning on La Réunion while Paris sleeps; the abolition of slavery there only.
    ['+262692000000', '2026-11-27T07:30:00+01:00', null, null],
    ['+262692000000', '2027-12-20T11:00:00+04:00', 'holiday', '2027-12-21T10:00:00+04:00'],
    ['+33612345678', '2027-12-20T11:00:00+01:00', null, null],
    ['+590690000000', '2027-05-27T11:00:00-04:00', 'holiday', '2027-05-31T10:00:00-04:00'],
  ])('%s at %s', (phone, moment, reason, retryAt) => {
    const verdict = at(phone, moment);
    expect(verdict.allowed ? null : verdict.reason).toBe(reason);
    expect(verdict.allowed ? null : verdict.retryAt).toEqual(retryAt === null ? null : new Date(retryAt));
  });

  it('counts 30 days to the millisecond, over the change of clocks too', () => {
    const now = new Date('2026-11-12T11:00:00+01:00');
    const ago = (ms: number) => new Date(now.getTime() - ms);
    const three = [1, 2, 3].map((days) => ago(days * DAY_MS));
    const withOldest = (ms: number) =>
      at('+33612345678', now.toISOString(), { recentAt: [...three, ago(ms)] }).allowed;
    expect(withOldest(30 * DAY_MS - 1)).toBe(false);
    expect(withOldest(30 * DAY_MS)).toBe(true);
  });
});

describe('consents', () => {
  /** Few days, so that several acts fall on one. */
  const days = (max: number) =>
    fc.integer({ min: 0, max }).map((day) => new Date(Date.UTC(2026, 8, 1) + day * DAY_MS));
  const records = fc.array(
    fc.record({
      id: fc.nat(),
      basis: fc.constantFrom('consent', 'contract', 'professional'),
      granted: fc.boolean(),
      actedAt: days(6),
      expiresAt: fc.option(days(500)),
    }),
    { maxLength: 12 },
  );
  const rules = { consentValidityDays: 365 };

  it('stand by the latest act, in whatever order they were written down', () => {
    fc.assert(
      fc.property(records, days(500), fc.infiniteStream(fc.nat()), (history, now, shuffle) => {
        const shuffled = history
          .map((record) => ({ record, key: shuffle.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ record }) => record);
        expect(standingOf(shuffled, rules, now)).toEqual(standingOf(history, rules, now));
      }),
    );
  });

  it('never stand after a later withdrawal, an end, a year, or before they were given', () => {
    fc.assert(
      fc.property(records, days(500), (history: BasisRecord[], now) => {
        const { consent } = standingOf(history, rules, now);
        if (!consent.held) return;
        const later = history.filter(
          ({ basis, granted, actedAt }) => basis === 'consent' && !granted && actedAt >= consent.since,
        );
        expect(later).toEqual([]);
        expect(consent.since.getTime()).toBeLessThanOrEqual(now.getTime());
        expect(now.getTime() - consent.since.getTime()).toBeLessThan(365 * DAY_MS);
        expect(consent.until === null || consent.until > now).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
