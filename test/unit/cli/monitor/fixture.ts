import { outlookOf } from '../../../../src/campaigns/outlook.ts';
import { FRANCE_LEGAL_WINDOW } from '../../../../src/compliance/calling-window.ts';
import type { LiveCall } from '../../../../src/db/campaign-snapshot.ts';
import type { CampaignWatch } from '../../../../src/db/campaign-watch.ts';
import type { Campaign } from '../../../../src/db/schema.ts';
import { latencyFigures } from '../../../../src/cli/latencies.ts';
import type { MonitorView } from '../../../../src/cli/monitor/view.ts';

/** A Monday morning in Paris, within the legal hours. */
export const NOW = new Date('2026-11-23T10:30:00+01:00');
export const minutesAgo = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);

export function campaign(change: Partial<Campaign> = {}): Campaign {
  return {
    ...{
      id: 1,
      name: 'Or janvier',
      scenario: 'vente_or_investissement',
      kind: 'campaign',
      status: 'running',
    },
    ...{ maxConcurrentCalls: 5, callDelayMs: 2000, priority: 0, callerId: null, basis: 'consent' },
    retry: {
      ...{ enabled: true, maxAttempts: 3, delayMsByResult: {}, maxAttemptsByResult: {} },
      otherPartOfDay: false,
    },
    ...{ recordingPurpose: null, callingWindow: FRANCE_LEGAL_WINDOW, heldBack: null, heldBackAt: null },
    ...{ createdAt: minutesAgo(30), startedAt: minutesAgo(25), endedAt: null },
    ...change,
  };
}

export function liveCall(n: number, change: Partial<LiveCall> = {}): LiveCall {
  return {
    id: `8402c4b${n % 10}-14a8-4d8d-8fb7-8981d8c7377c`,
    phone: `+3363998${String(n).padStart(4, '0')}`,
    ...{ firstName: null, lastName: null, company: null, attempt: 1, status: 'active', amdResult: 'HUMAN' },
    ...{ currentStep: 'pitch', lastHeard: 'oui allez-y' },
    ...{ startedAt: minutesAgo(1), ringingAt: minutesAgo(1), answeredAt: minutesAgo(0.75) },
    ...change,
  };
}

export function watch(change: Partial<CampaignWatch> = {}): CampaignWatch {
  return {
    campaign: campaign(),
    total: 50,
    byState: { waiting: 0, queued: 13, calling: 3, retry_scheduled: 2, done: 32 },
    byResult: { success: 12, not_interested: 12, no_answer: 3, answering_machine: 2, failed: 1 },
    refused: { no_consent: 2 },
    attempts: 36,
    retries: {
      planned: 2,
      nextAt: new Date('2026-11-23T11:15:00+01:00'),
      lastAt: new Date('2026-11-23T11:20:00+01:00'),
    },
    liveCalls: [0, 1, 2].map((n) => liveCall(n)),
    active: 3,
    // Two a minute.
    recent: Array.from({ length: 40 }, (_, n) => ({ endedAt: minutesAgo(n / 2), durationMs: 154_000 })),
    latencies: [
      { bargeInMs: 63, asrMs: 265, intentMs: 5, totalMs: 1200, endpointingMs: 400, responseMs: 100 },
    ],
    waitingForLine: 0,
    ...change,
  };
}

export function view(change: Partial<MonitorView> = {}, ofWatch: Partial<CampaignWatch> = {}): MonitorView {
  const seen = watch(ofWatch);
  const targets = { bargeInMs: 150, asrMs: 400, intentMs: 600, totalMs: 1000 };
  return {
    watch: seen,
    outlook: outlookOf(seen, NOW),
    latencies: latencyFigures(seen.latencies, targets),
    ...{ readAt: NOW, now: NOW, awaySince: null, showLiveCalls: true, message: null, hasKeys: true },
    ...change,
  };
}
