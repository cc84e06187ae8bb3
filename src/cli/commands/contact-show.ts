import { contactOverview, type ContactOverview } from '../../db/contact-overview.ts';
import type { Executor } from '../../db/client.ts';
import { findContact, findContactByPhone } from '../../db/contacts.ts';
import type { Call, Campaign, CampaignContact, Contact } from '../../db/schema.ts';
import { OperatorError } from '../../errors.ts';
import type { CommandContext } from '../command-context.ts';
import { formatDuration, formatInstant, formatName, formatRefusal } from '../format.ts';
import type { Messages } from '../language.ts';
import { phoneArgument } from '../phone-argument.ts';
import { withDatabase } from '../resources.ts';
import { visible } from '../visible.ts';

/** Numbers of contacts are shorter than phone numbers, and do not begin with 0. */
const CONTACT_ID = /^[1-9]\d{0,7}$/;

/** One person: who they are, every attempt to call them, what comes next and why. */
export async function runContactShow(context: CommandContext, who: string): Promise<undefined> {
  await withDatabase(context, async ({ db, fingerprint }) => {
    const contact = await find(db, who, context.messages);
    const subject = (await fingerprint())(contact.phone);
    const overview = await contactOverview(db, { id: contact.id, subject });
    if (context.json) context.terminal.printJson({ ...contact, ...overview });
    else print(context, contact, overview);
  });
  return undefined;
}

async function find(db: Executor, who: string, messages: Messages): Promise<Contact> {
  const { contact } = messages;
  if (CONTACT_ID.test(who)) {
    const found = await findContact(db, Number(who));
    if (found !== null) return found;
    throw new OperatorError('contact_unknown', contact.unknownId(Number(who)));
  }
  const phone = phoneArgument(who, messages);
  const found = await findContactByPhone(db, phone);
  if (found !== null) return found;
  throw new OperatorError('contact_unknown', contact.unknownPhone(phone));
}

function print(context: CommandContext, contact: Contact, overview: ContactOverview): void {
  const { messages, terminal } = context;
  const { contact: texts } = messages;
  terminal.printHeading(texts.title(contact.id, contact.phone, formatName(contact)));
  terminal.printFacts([
    [texts.company, contact.company],
    [texts.email, contact.email],
    [texts.tags, contact.tags.length === 0 ? null : contact.tags.join(', ')],
    [texts.timeZone, contact.timeZone],
    [texts.status, texts.statuses[contact.status]],
    [texts.imported, formatInstant(contact.createdAt, messages)],
  ]);
  if (overview.doNotCall !== null) {
    const { reason, createdAt } = overview.doNotCall;
    const line = texts.doNotCall(reason, formatInstant(createdAt, messages));
    terminal.print(terminal.colors.red(visible(line)));
  }
  if (overview.campaigns.length === 0) {
    terminal.print();
    terminal.print(texts.noCampaigns);
  }
  for (const { campaign, campaignContact, attempts } of overview.campaigns) {
    terminal.print();
    const status = messages.campaign.statuses[campaign.status];
    terminal.printHeading(messages.campaign.title(campaign.id, campaign.name, status));
    printAttempts(context, attempts);
    terminal.printLine(whatComesNext(campaign, campaignContact, messages));
  }
}

function printAttempts({ messages, terminal }: CommandContext, attempts: readonly Call[]): void {
  const { contact: texts } = messages;
  if (attempts.length === 0) {
    terminal.print(texts.noAttempts);
    return;
  }
  terminal.printTable(
    [texts.attempt, texts.time, texts.outcome, texts.cause, texts.duration, texts.steps],
    attempts.map((attempt) => [
      String(attempt.attempt),
      formatInstant(attempt.startedAt, messages),
      outcomeOf(attempt, messages),
      causeOf(attempt, messages),
      formatDuration(attempt.durationMs, messages),
      attempt.steps.join(' → '),
    ]),
  );
}

function outcomeOf(attempt: Call, { contact, none }: Messages): string {
  const result = attempt.result ?? none;
  return attempt.counted === false ? `${result} (${contact.notCounted})` : result;
}

/** What the switch said: `USER_BUSY 486`. */
function causeOf({ hangupCause, sipStatus }: Call, { none }: Messages): string {
  return [hangupCause, sipStatus].filter((part) => part !== null).join(' ') || none;
}

function whatComesNext({ status }: Campaign, contact: CampaignContact, messages: Messages): string {
  const { contact: texts } = messages;
  if (status === 'cancelled' && contact.state !== 'done' && contact.state !== 'calling') {
    return texts.campaignCancelled;
  }
  const reason = formatRefusal(contact.nextReason ?? '', messages);
  switch (contact.state) {
    case 'waiting':
      return texts.notQueued;
    case 'queued':
      return texts.queued;
    case 'calling':
      return texts.calling;
    case 'retry_scheduled':
      return texts.next(formatInstant(contact.nextAttemptAt, messages), reason);
    case 'done':
      return texts.done(contact.result ?? messages.none, withoutResult(reason, contact.result));
  }
}

/** `busy: all 3 attempts made` beside the result `busy` says it twice; `success: final` says nothing more. */
function withoutResult(reason: string, result: string | null): string {
  const rest = reason.startsWith(`${result}: `) ? reason.slice(`${result}: `.length) : reason;
  return rest === 'final' ? '' : rest;
}
