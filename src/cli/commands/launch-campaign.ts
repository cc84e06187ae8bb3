import { createContactGate } from '../../campaigns/contact-gate.ts';
import { contactGateOptions } from '../../campaigns/from-config.ts';
import type { Gate } from '../../campaigns/gate.ts';
import { launchCampaign, prepareCampaign, type CampaignSpec } from '../../campaigns/launch.ts';
import { planLaunch } from '../../campaigns/plan-launch.ts';
import { countByState } from '../../db/campaign-contacts.ts';
import { findCampaign } from '../../db/campaigns.ts';
import type { Executor } from '../../db/client.ts';
import { listContactsForCampaign } from '../../db/contacts.ts';
import { OperatorError } from '../../errors.ts';
import type { CommandContext } from '../command-context.ts';
import { formatNumber } from '../format.ts';
import { warnOfDrafts } from '../launch-drafts.ts';
import { launchSpec, type LaunchOptions } from '../launch-spec.ts';
import {
  printLaunchHead,
  printNotNow,
  printRefused,
  printWaiting,
  sum,
  warnOfWhatIsKept,
} from '../launch-summary.ts';
import { ProgressBar } from '../progress.ts';
import { withDatabase, withQueues, type DatabaseResources, type QueueResources } from '../resources.ts';

/** Creates a campaign and queues its calls, or takes an unfinished one up where it was left. */
export async function runLaunchCampaign(
  context: CommandContext,
  options: LaunchOptions & { dryRun: boolean },
): Promise<undefined> {
  if (options.dryRun) await withDatabase(context, (resources) => showPlan(context, resources, options));
  else await withQueues(context, (resources) => launch(context, resources, options));
  return undefined;
}

async function showPlan(
  context: CommandContext,
  resources: DatabaseResources,
  options: LaunchOptions,
): Promise<void> {
  const { messages, terminal } = context;
  const { db, config } = resources;
  const spec = await launchSpec(context, config, options);
  await refuseEmpty(context, db, spec);
  await warnOfDrafts(context, resources, spec);
  const progress = new ProgressBar(terminal.stderr, messages.launch.adding, () => performance.now());
  const plan = await planLaunch({ db, gate: await gateFor(resources), now: () => new Date() }, spec, {
    onProgress: () => progress.update(0, 0),
    signal: context.signal,
  }).finally(() => progress.clear());
  if (context.json) {
    terminal.printJson({ dryRun: true, spec, ...plan });
    return;
  }
  if (plan.kind === 'continue') {
    const status = messages.campaign.statuses[plan.campaign.status];
    const waiting = formatNumber(plan.waiting, messages);
    terminal.print(messages.launch.wouldGoOn(plan.campaign.id, status, waiting));
  } else {
    printLaunchHead(context, spec, plan.callable + sum(plan.refused));
    terminal.print();
    terminal.print(messages.launch.wouldCall(formatNumber(plan.callable, messages)));
    printRefused(context, plan.refused);
    printWaiting(context, plan.waiting);
    printNotNow(context, plan);
    terminal.print(messages.launch.checkedAgain);
  }
  terminal.print(messages.launch.dryRunFinished);
}

async function launch(
  context: CommandContext,
  resources: QueueResources,
  options: LaunchOptions,
): Promise<void> {
  const { messages, terminal, signal } = context;
  const { db, backend, config } = resources;
  const spec = await launchSpec(context, config, options);
  await refuseEmpty(context, db, spec);
  await warnOfDrafts(context, resources, spec);
  for (const warning of config.warnings) terminal.printWarning(messages.warningLabel, warning);

  // First what may be refused, so that no campaign is left behind half made.
  const gate = await gateFor(resources);
  const campaign = await prepareCampaign(db, spec, { signal });
  const counts = await countByState(db, campaign.id);
  if (!context.json) printLaunchHead(context, campaign, sum(counts));
  warnOfWhatIsKept(context, spec, campaign);

  const progress = new ProgressBar(terminal.stderr, messages.launch.queueing, () => performance.now());
  const report = await launchCampaign({ db, backend, gate, now: () => new Date() }, campaign.id, {
    onProgress: ({ queued, refused }) => progress.update(queued + sum(refused), counts.waiting),
    signal,
  })
    .catch((error: unknown) => {
      if (!signal.aborted) throw error;
      throw new OperatorError('interrupted', messages.launch.stopped(campaign.id), { cause: error });
    })
    .finally(() => progress.clear());
  const launched = (await findCampaign(db, campaign.id)) ?? campaign;

  if (context.json) {
    terminal.printJson({ campaign: launched, contacts: sum(counts), ...report });
    return;
  }
  terminal.print();
  terminal.print(messages.launch.queued(formatNumber(report.queued, messages)));
  printRefused(context, report.refused);
  printWaiting(context, report.waiting);
  terminal.print(messages.launch.finished(launched.id, messages.campaign.statuses[launched.status]));
  terminal.print(messages.launch.nextSteps(launched.id));
}

/** A campaign without contacts would be completed at once, which nobody means. */
async function refuseEmpty(
  { messages }: CommandContext,
  db: Executor,
  { tags }: CampaignSpec,
): Promise<void> {
  const [somebody] = await listContactsForCampaign(db, { tags, afterId: 0, batch: 1 });
  if (somebody !== undefined) return;
  const { launch: texts } = messages;
  throw new OperatorError(
    'no_contacts',
    tags.length === 0 ? texts.noContacts : texts.noContactsWithTags(tags.join(', ')),
  );
}

async function gateFor({ db, config, fingerprint }: DatabaseResources): Promise<Gate> {
  return createContactGate(db, contactGateOptions(config, await fingerprint()));
}
