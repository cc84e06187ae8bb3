import { describe, expect, it } from 'vitest';
import { outlookOf } from '../../../src/campaigns/outlook.ts';
import { FRANCE_LEGAL_WINDOW } from '../../../src/compliance/calling-window.ts';
import { campaign, minutesAgo, NOW, watch } from '../cli/monitor/fixture.ts';

const minutes = (from: Date, to: Date | null): number =>
  Math.round(((to?.getTime() ?? NaN) - from.getTime()) / 60_000);
const NO_RETRIES = { planned: 0, nextAt: null, lastAt: null };
const NOBODY = { waiting: 0, queued: 0, calling: 0, retry_scheduled: 0, done: 0 };
const NOBODY_LEFT = { ...NOBODY, done: 48 };
const ALWAYS = { ...FRANCE_LEGAL_WINDOW, enabled: false };

describe('rate and end', () => {
  it('go by the last ten minutes in which there were calls', () => {
    const { callsPerHour, averageDurationMs, finishAt } = outlookOf(watch({ retries: NO_RETRIES }), NOW);
    expect(callsPerHour).toBeCloseTo(120);
    expect(averageDurationMs).toBe(154_000);
    // 18 people are left, who take 1.2 calls each: 21.6 at two a minute.
    expect(minutes(NOW, finishAt)).toBe(11);
  });

  it('are unknown with too few calls, while it is paused, and while nobody is at it', () => {
    expect(outlookOf(watch({ recent: [] }), NOW)).toMatchObject({ callsPerHour: null, finishAt: null });
    expect(outlookOf(watch({ campaign: campaign({ status: 'paused' }) }), NOW).finishAt).toBeNull();
    const before = Array.from({ length: 10 }, (_, n) => ({ endedAt: minutesAgo(20 + n), durationMs: null }));
    expect(outlookOf(watch({ recent: before, active: 0 }), NOW)).toMatchObject({
      ...{ callsPerHour: null, finishAt: null },
      obstacles: [{ kind: 'quiet', since: minutesAgo(20) }],
    });
  });

  it('leave out the hours in which nobody is called: lunch, the night, the weekend', () => {
    // At two a minute, 400 calls take 200 minutes: 150 until lunch, 50 after it.
    const many = {
      total: 432,
      byState: { ...NOBODY, queued: 400, done: 32 },
      retries: NO_RETRIES,
      attempts: 30,
    };
    const { finishAt } = outlookOf(watch(many), NOW);
    expect(finishAt?.toISOString()).toBe('2026-11-23T13:50:00.000Z');
    // On Friday evening the rest waits for Monday.
    const friday = new Date('2026-11-27T19:58:00+01:00');
    const recent = Array.from({ length: 20 }, (_, n) => ({
      endedAt: new Date(friday.getTime() - n * 30_000),
      durationMs: null,
    }));
    const evening = watch({ ...many, recent, byState: { ...NOBODY, queued: 14, done: 32 }, total: 46 });
    expect(outlookOf(evening, friday).finishAt?.toISOString()).toBe('2026-11-30T09:05:00.000Z');
  });

  it('come no sooner than the last planned try', () => {
    const lastAt = new Date('2026-11-24T11:00:00+01:00');
    const { finishAt } = outlookOf(watch({ retries: { planned: 1, nextAt: lastAt, lastAt } }), NOW);
    expect(finishAt).toEqual(lastAt);
  });

  it('ignore hours that hold nobody back: numbers of fiction are called at night', () => {
    const night = new Date('2026-11-23T03:00:00+01:00');
    const recent = Array.from({ length: 20 }, (_, n) => ({
      endedAt: new Date(night.getTime() - n * 30_000),
      durationMs: null,
    }));
    const { finishAt, obstacles } = outlookOf(watch({ recent, retries: NO_RETRIES }), night);
    expect(obstacles).toEqual([]);
    expect(minutes(night, finishAt)).toBe(11);
  });
});

describe('obstacles', () => {
  const idle = { active: 0, recent: [{ endedAt: minutesAgo(5), durationMs: null }] };

  it.each([
    ['a draft', { campaign: campaign({ status: 'draft' }) }, [{ kind: 'draft' }]],
    ['a pause', { campaign: campaign({ status: 'paused' }) }, [{ kind: 'paused' }]],
    ['the end', { campaign: campaign({ status: 'completed' }) }, []],
    [
      'what the workers say',
      { ...idle, campaign: campaign({ heldBack: 'broken', heldBackAt: NOW, callingWindow: ALWAYS }) },
      [{ kind: 'held_back', reason: 'broken', since: NOW }],
    ],
    ['a full switch', { waitingForLine: 2 }, [{ kind: 'lines_full', waiting: 2 }]],
    [
      'planned tries alone',
      { ...idle, byState: { ...NOBODY_LEFT, retry_scheduled: 2 } },
      [{ kind: 'between_tries', until: new Date('2026-11-23T11:15:00+01:00') }],
    ],
    ['nobody at it', idle, [{ kind: 'quiet', since: minutesAgo(5) }]],
    [
      'nothing, right after a call',
      { ...idle, recent: [{ endedAt: minutesAgo(0.5), durationMs: null }] },
      [],
    ],
  ])('%s', (_name, change, obstacles) => {
    expect(outlookOf(watch(change), NOW).obstacles).toEqual(obstacles);
  });

  it('the hours, until they begin again', () => {
    const night = new Date('2026-11-22T23:00:00+01:00');
    expect(outlookOf(watch({ ...idle, recent: [] }), night).obstacles).toEqual([
      { kind: 'window_shut', until: new Date('2026-11-23T10:00:00+01:00') },
    ]);
  });
});
