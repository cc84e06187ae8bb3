import type { CampaignSpec } from '../campaigns/launch.ts';
import { FRANCE_LEGAL_WINDOW, nextOpening, type CallingWindow } from '../compliance/calling-window.ts';
import type { NotCalled } from '../campaigns/plan-launch.ts';
import type { Campaign } from '../db/schema.ts';
import type { CommandContext, Shell } from './command-context.ts';
import {
  formatInstant,
  formatInstantIn,
  formatNumber,
  formatRefusal,
  formatRetries,
  formatSeconds,
  formatWindow,
} from './format.ts';
import type { Messages } from './language.ts';
import { visible } from './visible.ts';

const MAINLAND_ZONE = 'Europe/Paris';

/** What a campaign and the spec of one have in common. */
type CampaignSettings = Pick<
  CampaignSpec,
  | 'name'
  | 'scenario'
  | 'basis'
  | 'maxConcurrentCalls'
  | 'callDelayMs'
  | 'retry'
  | 'callingWindow'
  | 'recordingPurpose'
>;

/** The guide's head: what is about to be called, how fast and when. */
export function printLaunchHead(
  { messages, terminal }: Shell,
  settings: CampaignSettings,
  contacts: number,
): void {
  const { launch: texts } = messages;
  const rule = '═'.repeat(36);
  const lines = [
    texts.title,
    rule,
    texts.campaign(settings.name),
    texts.scenario(settings.scenario),
    texts.basis(messages.bases[settings.basis]),
    ...recorded(settings, messages),
    texts.contacts(formatNumber(contacts, messages)),
    texts.concurrent(formatNumber(settings.maxConcurrentCalls, messages)),
    texts.delay(formatSeconds(settings.callDelayMs, messages)),
    texts.retries(formatRetries(settings.retry, messages)),
    texts.hours(formatWindow(settings.callingWindow, messages)),
    ...closedNow(settings.callingWindow, messages),
    rule,
  ];
  for (const line of lines) terminal.print(visible(line));
}

function recorded({ recordingPurpose }: CampaignSettings, { launch }: Messages): string[] {
  return (recordingPurpose ?? null) === null ? [] : [launch.recorded(recordingPurpose ?? '')];
}

/** For contacts in mainland France; where the window is on each contact's own clock, others may differ. */
function closedNow(window: CallingWindow | null, messages: Messages): string[] {
  const { timeZone } = window ?? FRANCE_LEGAL_WINDOW;
  const zone = timeZone === 'contact' ? MAINLAND_ZONE : timeZone;
  const now = new Date();
  const opening = nextOpening(window ?? FRANCE_LEGAL_WINDOW, now, zone);
  if (opening === null || opening <= now) return [];
  return [messages.launch.opensAt(formatInstantIn(zone, opening, messages))];
}

/** A campaign that existed keeps the settings and contacts that it has: say so rather than ignore the options. */
export function warnOfWhatIsKept(
  { messages, terminal }: CommandContext,
  spec: CampaignSpec,
  campaign: Campaign,
): void {
  const { launch: texts } = messages;
  if (campaign.status !== 'draft') {
    const status = messages.campaign.statuses[campaign.status];
    terminal.printWarning(messages.warningLabel, texts.resumed(campaign.id, status));
  }
  const isAsGiven =
    campaign.maxConcurrentCalls === spec.maxConcurrentCalls &&
    campaign.callDelayMs === spec.callDelayMs &&
    campaign.basis === spec.basis &&
    campaign.callerId === spec.callerId &&
    campaign.priority === spec.priority &&
    campaign.retry.enabled === spec.retry.enabled &&
    formatWindow(campaign.callingWindow, messages) === formatWindow(spec.callingWindow, messages);
  if (!isAsGiven) terminal.printWarning(messages.warningLabel, texts.settingsKept(campaign.id));
}

/** Contacts that are not called, by reason; nothing when there are none. */
export function printRefused(shell: Shell, refused: Readonly<Record<string, number>>): void {
  printByReason(shell, shell.messages.launch.refused, refused);
}

/** Contacts that are not called yet, by reason; nothing when there are none. */
export function printWaiting(shell: Shell, waiting: Readonly<Record<string, number>>): void {
  printByReason(shell, shell.messages.launch.waiting, waiting);
}

/** Those whom a launch would not call, one by one. */
export function printNotNow(
  { messages, terminal }: Shell,
  plan: { notNow: readonly NotCalled[]; refused: Record<string, number>; waiting: Record<string, number> },
): void {
  if (plan.notNow.length === 0) return;
  const { launch: texts, campaign } = messages;
  const shown = plan.notNow.slice(0, SHOWN_NOT_NOW);
  terminal.print();
  terminal.printTable(
    [campaign.phone, texts.why, texts.notBefore],
    shown.map(({ phone, reason, until }) => [
      phone,
      formatRefusal(reason, messages),
      until === null ? texts.never : formatInstant(until, messages),
    ]),
  );
  const more = sum(plan.refused) + sum(plan.waiting) - shown.length;
  if (more > 0) terminal.print(texts.moreNotNow(formatNumber(more, messages)));
  terminal.print();
}

const SHOWN_NOT_NOW = 20;

function printByReason(
  { messages, terminal }: Shell,
  title: (total: string) => string,
  counts: Readonly<Record<string, number>>,
): void {
  const total = sum(counts);
  if (total === 0) return;
  terminal.print(title(formatNumber(total, messages)));
  for (const [refusal, contacts] of Object.entries(counts)) {
    terminal.print(visible(`   ${formatNumber(contacts, messages)} × ${formatRefusal(refusal, messages)}`));
  }
}

export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
