import {
  addToSummary,
  disclosureHeard,
  emptySummary,
  reportCompliance,
  type CompliancePerson,
  type ComplianceSummary,
} from '../../campaigns/compliance-report.ts';
import { createContactGate } from '../../campaigns/contact-gate.ts';
import { contactGateOptions } from '../../campaigns/from-config.ts';
import { findCampaign } from '../../db/campaigns.ts';
import type { Campaign } from '../../db/schema.ts';
import { OperatorError } from '../../errors.ts';
import type { CommandContext } from '../command-context.ts';
import { csvLine } from '../../exports/csv.ts';
import { formatInstant, formatNumber, formatRefusal, formatWindow } from '../format.ts';
import { printRefused, printWaiting } from '../launch-summary.ts';
import { withDatabase } from '../resources.ts';

export interface ComplianceReportOptions {
  campaign: number;
  csv: boolean;
}

const MAX_SHOWN = 50;
const CSV_COLUMNS = [
  ...['contact_id', 'phone', 'fingerprint', 'state', 'result', 'refusal', 'not_before'],
  ...['consent', 'consent_date', 'consent_expires', 'consent_channel', 'consent_source', 'consent_wording'],
  ...['contract', 'professional', 'attempts', 'last_attempt', 'last_result', 'disclosure_heard'],
];

/** Who was called on what basis, who was not and exactly why: before launch, while it runs and after. */
export async function runComplianceReport(
  context: CommandContext,
  options: ComplianceReportOptions,
): Promise<undefined> {
  await withDatabase(context, async ({ db, config, fingerprint }) => {
    const campaign = await findCampaign(db, options.campaign);
    if (campaign === null) {
      throw new OperatorError('campaign_unknown', context.messages.campaign.unknown(options.campaign));
    }
    const gate = createContactGate(db, contactGateOptions(config, await fingerprint()));
    const deps = { db, gate, now: () => new Date() };
    const people = reportCompliance(deps, campaign, context.signal);
    const rules = {
      window: campaign.callingWindow,
      callerId: campaign.callerId ?? config.calls.callerId,
      callerIds: config.compliance.callerIds,
      limits: config.compliance.limits,
      consent: config.compliance.consent,
    };
    if (options.csv) await printCsv(context, people);
    else if (context.json) await printJson(context, campaign, rules, people);
    else await printSummary(context, campaign, rules, people);
  });
  return undefined;
}

/** Written as it comes: a campaign may be large. */
async function printJson(
  { terminal }: CommandContext,
  campaign: Campaign,
  rules: object,
  people: AsyncIterable<CompliancePerson>,
): Promise<void> {
  const { stdout } = terminal;
  const summary = emptySummary();
  stdout.write(`{"generatedAt":${JSON.stringify(new Date())},"campaign":${JSON.stringify(campaign)},`);
  stdout.write(`"rules":${JSON.stringify(rules)},"people":[`);
  let separator = '\n';
  for await (const person of people) {
    addToSummary(summary, person);
    stdout.write(separator + JSON.stringify(person));
    separator = ',\n';
  }
  stdout.write(`\n],"summary":${JSON.stringify(summary)}}\n`);
}

async function printCsv(
  { terminal }: CommandContext,
  people: AsyncIterable<CompliancePerson>,
): Promise<void> {
  terminal.stdout.write(csvLine(CSV_COLUMNS));
  for await (const person of people) terminal.stdout.write(csvLine(cellsOf(person)));
}

function cellsOf(person: CompliancePerson): string[] {
  const proof = (basis: string) => person.proofs.find((each) => each.basis === basis);
  const date = (moment: Date | null | undefined): string => moment?.toISOString() ?? '';
  const held = (basis: string): string => {
    const found = proof(basis);
    return found === undefined ? '' : found.granted ? 'yes' : 'no';
  };
  const consent = proof('consent');
  const last = person.attempts.at(-1);
  return [
    ...[String(person.contactId), person.phone, person.subject ?? ''],
    ...[person.state, person.result ?? '', person.refusal ?? '', date(person.until)],
    ...[held('consent'), date(consent?.actedAt), date(consent?.expiresAt)],
    ...[consent?.channel ?? '', consent?.source ?? '', consent?.wording ?? ''],
    ...[held('contract'), held('professional')],
    ...[String(person.attempts.length), date(last?.startedAt), last?.result ?? ''],
    last === undefined || last.answeredAt === null ? '' : disclosureHeard(last.disclosure),
  ];
}

async function printSummary(
  context: CommandContext,
  campaign: Campaign,
  rules: {
    callerId: string | null;
    limits: { maxAttemptsPer30Days: number; refusalPauseDays: number };
  },
  people: AsyncIterable<CompliancePerson>,
): Promise<void> {
  const { messages, terminal } = context;
  const { compliance: texts, campaign: ofCampaign } = messages;
  const summary = emptySummary();
  const notCalled: CompliancePerson[] = [];
  for await (const person of people) {
    addToSummary(summary, person);
    if (person.refusal !== null && notCalled.length < MAX_SHOWN) notCalled.push(person);
  }
  const status = ofCampaign.statuses[campaign.status];
  terminal.printHeading(ofCampaign.title(campaign.id, campaign.name, status));
  terminal.printFacts([
    [ofCampaign.scenario, campaign.scenario],
    [texts.basis, messages.bases[campaign.basis]],
    [ofCampaign.hours, formatWindow(campaign.callingWindow, messages)],
    [texts.callerId, rules.callerId ?? texts.noCallerId],
    [texts.limits, texts.limitsOf(rules.limits.maxAttemptsPer30Days, rules.limits.refusalPauseDays)],
    [ofCampaign.created, formatInstant(campaign.createdAt, messages)],
    [ofCampaign.started, campaign.startedAt && formatInstant(campaign.startedAt, messages)],
    [ofCampaign.ended, campaign.endedAt && formatInstant(campaign.endedAt, messages)],
  ]);
  terminal.print();
  printCounts(context, summary);
  printRefused(context, summary.refused);
  printWaiting(context, summary.waiting);
  if (notCalled.length === 0) return;
  terminal.print();
  terminal.printTable(
    [ofCampaign.phone, messages.launch.why, messages.launch.notBefore, ofCampaign.attempt],
    notCalled.map(({ phone, refusal, until, attempts }) => [
      phone,
      formatRefusal(refusal ?? '', messages),
      until === null ? messages.launch.never : formatInstant(until, messages),
      String(attempts.length),
    ]),
  );
  terminal.printNote(texts.more);
}

function printCounts({ messages, terminal }: CommandContext, summary: ComplianceSummary): void {
  const { compliance: texts } = messages;
  const count = (value: number): string => formatNumber(value, messages);
  const { disclosure } = summary;
  terminal.printFacts([
    [messages.campaign.contacts, count(summary.contacts)],
    [texts.called, count(summary.called)],
    [texts.attempts, texts.attemptsOf(count(summary.attempts), count(summary.answered))],
    [
      texts.disclosure,
      summary.answered === 0
        ? null
        : texts.disclosureOf(
            count(disclosure.in_full),
            count(disclosure.in_part),
            count(disclosure.not_at_all),
            count(disclosure.not_known),
          ),
    ],
  ]);
}
