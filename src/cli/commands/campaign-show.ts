import { campaignSnapshot, type CampaignSnapshot, type LiveCall } from '../../db/campaign-snapshot.ts';
import { findCampaign } from '../../db/campaigns.ts';
import { countRefusals } from '../../db/refusals.ts';
import { CAMPAIGN_CONTACT_STATES, type Campaign } from '../../db/schema.ts';
import { OperatorError } from '../../errors.ts';
import type { CommandContext } from '../command-context.ts';
import {
  formatDuration,
  formatInstant,
  formatName,
  formatNumber,
  formatPace,
  formatRetries,
  formatWindow,
} from '../format.ts';
import type { Messages } from '../language.ts';
import { printRefused, sum } from '../launch-summary.ts';
import { drawProgress } from '../progress.ts';
import { withDatabase } from '../resources.ts';

const LATEST_CALLS = 10;

/** One campaign as it stands now. */
export async function runCampaignShow(context: CommandContext, campaignId: number): Promise<undefined> {
  await withDatabase(context, async ({ db }) => {
    const campaign = await findCampaign(db, campaignId);
    if (campaign === null) {
      throw new OperatorError('campaign_unknown', context.messages.campaign.unknown(campaignId));
    }
    const snapshot = await campaignSnapshot(db, campaignId, { finishedLimit: LATEST_CALLS });
    const refused = await countRefusals(db, campaignId);
    if (context.json) {
      context.terminal.printJson({ ...campaign, ...snapshot, refused });
      return;
    }
    printCampaign(context, campaign);
    printContacts(context, snapshot);
    if (sum(refused) > 0) context.terminal.print();
    printRefused(context, refused);
    printLiveCalls(context, snapshot);
    printLatestCalls(context, snapshot);
  });
  return undefined;
}

function printCampaign({ messages, terminal }: CommandContext, campaign: Campaign): void {
  const { campaign: texts } = messages;
  terminal.printHeading(texts.title(campaign.id, campaign.name, texts.statuses[campaign.status]));
  terminal.printFacts([
    [texts.scenario, campaign.scenario],
    [messages.compliance.basis, messages.bases[campaign.basis]],
    [texts.recorded, campaign.recordingPurpose],
    [texts.pace, formatPace(campaign, messages)],
    [texts.priority, campaign.priority === 0 ? null : String(campaign.priority)],
    [texts.hours, formatWindow(campaign.callingWindow, messages)],
    [texts.retries, formatRetries(campaign.retry, messages)],
    [texts.created, formatInstant(campaign.createdAt, messages)],
    [texts.started, campaign.startedAt && formatInstant(campaign.startedAt, messages)],
    [texts.ended, campaign.endedAt && formatInstant(campaign.endedAt, messages)],
    [texts.heldBack, heldBack(campaign, messages)],
  ]);
}

function heldBack({ heldBack: reason, heldBackAt }: Campaign, messages: Messages): string | null {
  if (reason === null) return null;
  return messages.campaign.heldBackSince(formatInstant(heldBackAt, messages), reason);
}

function printContacts({ messages, terminal }: CommandContext, snapshot: CampaignSnapshot): void {
  const { campaign: texts } = messages;
  terminal.print();
  terminal.print(drawProgress(texts.progress, snapshot.byState.done, snapshot.total));
  const states = CAMPAIGN_CONTACT_STATES.filter((state) => snapshot.byState[state] > 0);
  terminal.printFacts([
    ...states.map((state) => [texts.states[state], formatNumber(snapshot.byState[state], messages)] as const),
    [texts.nextRetry, snapshot.nextAttemptAt && formatInstant(snapshot.nextAttemptAt, messages)],
  ]);
  const results = Object.entries(snapshot.byResult).sort(([, a], [, b]) => b - a);
  if (results.length === 0) return;
  terminal.print();
  terminal.printHeading(texts.results);
  terminal.printFacts(results.map(([result, contacts]) => [result, formatNumber(contacts, messages)]));
}

function printLiveCalls({ messages, terminal }: CommandContext, { liveCalls }: CampaignSnapshot): void {
  const { campaign: texts } = messages;
  if (liveCalls.length === 0) return;
  terminal.print();
  terminal.printHeading(texts.liveCalls);
  terminal.printTable(
    [texts.phone, texts.contact, texts.attempt, texts.step, texts.heard],
    liveCalls.map((call) => [
      call.phone,
      formatName(call),
      String(call.attempt),
      whereItIs(call, texts),
      call.lastHeard ?? '',
    ]),
  );
}

function whereItIs(call: LiveCall, texts: CommandContext['messages']['campaign']): string {
  if (call.answeredAt !== null) return call.currentStep ?? '';
  return call.ringingAt === null ? texts.dialling : texts.ringing;
}

function printLatestCalls({ messages, terminal }: CommandContext, { finishedCalls }: CampaignSnapshot): void {
  const { campaign: texts } = messages;
  if (finishedCalls.length === 0) return;
  terminal.print();
  terminal.printHeading(texts.latestCalls);
  terminal.printTable(
    [texts.time, texts.phone, texts.contact, texts.attempt, texts.result, texts.duration],
    finishedCalls.map((call) => [
      formatInstant(call.endedAt, messages),
      call.phone,
      formatName(call),
      String(call.attempt),
      call.result ?? messages.none,
      formatDuration(call.durationMs, messages),
    ]),
  );
}
