import { createContactGate } from '../../campaigns/contact-gate.ts';
import { viewContact, type AttemptView, type ContactView } from '../../campaigns/contact-view.ts';
import { contactGateOptions } from '../../campaigns/from-config.ts';
import { REASONS } from '../../reasons.ts';
import type { CommandContext } from '../command-context.ts';
import { findContactBy } from '../find-contact.ts';
import { formatDuration, formatInstant, formatName, formatRefusal } from '../format.ts';
import type { Messages } from '../language.ts';
import { withDatabase } from '../resources.ts';
import { visible } from '../visible.ts';

type Membership = ContactView['campaigns'][number];

/** One person: who they are, every attempt to call them, what comes next and why. */
export async function runContactShow(context: CommandContext, who: string): Promise<undefined> {
  await withDatabase(context, async ({ db, config, fingerprint }) => {
    const contact = await findContactBy(db, who, context.messages);
    const gate = createContactGate(db, contactGateOptions(config, await fingerprint()));
    const view = await viewContact({ db, gate, now: new Date() }, contact);
    if (context.json) context.terminal.printJson(view);
    else print(context, view);
  });
  return undefined;
}

function print(context: CommandContext, { contact, campaigns }: ContactView): void {
  const { messages, terminal } = context;
  const { contact: texts } = messages;
  terminal.printHeading(texts.title(contact.id, contact.phone, formatName(contact)));
  terminal.printFacts([
    [texts.company, contact.company],
    [texts.email, contact.email],
    [texts.tags, contact.tags.length === 0 ? null : contact.tags.join(', ')],
    [texts.timeZone, contact.timeZone],
    [texts.status, texts.statuses[contact.status]],
    [texts.imported, formatInstant(contact.importedAt, messages)],
  ]);
  if (contact.doNotCall !== null) {
    const { reason, since } = contact.doNotCall;
    const line = texts.doNotCall(reason, formatInstant(since, messages));
    terminal.print(terminal.colors.red(visible(line)));
  }
  if (campaigns.length === 0) {
    terminal.print();
    terminal.print(texts.noCampaigns);
  }
  for (const membership of campaigns) {
    const { campaign, attempts } = membership;
    terminal.print();
    const status = messages.campaign.statuses[campaign.status];
    terminal.printHeading(messages.campaign.title(campaign.id, campaign.name, status));
    printAttempts(context, attempts);
    terminal.printLine(nextLine(membership, messages));
  }
}

function printAttempts({ messages, terminal }: CommandContext, attempts: readonly AttemptView[]): void {
  const { contact: texts } = messages;
  if (attempts.length === 0) {
    terminal.print(texts.noAttempts);
    return;
  }
  terminal.printTable(
    [texts.attempt, texts.time, texts.outcome, texts.cause, texts.duration, texts.steps, texts.worker],
    attempts.map((attempt) => [
      String(attempt.attempt),
      formatInstant(attempt.startedAt, messages),
      outcomeOf(attempt, messages),
      causeOf(attempt, messages),
      formatDuration(attempt.durationMs, messages),
      attempt.steps.join(' → '),
      attempt.worker,
    ]),
  );
}

function outcomeOf({ outcome, counted }: AttemptView, { contact, none }: Messages): string {
  const result = outcome ?? none;
  return counted === false ? `${result} (${contact.notCounted})` : result;
}

/** What the switch said: `USER_BUSY 486`. */
function causeOf({ hangupCause, sipStatus }: AttemptView, { none }: Messages): string {
  return [hangupCause, sipStatus].filter((part) => part !== null).join(' ') || none;
}

function nextLine({ campaign, state, result, next }: Membership, messages: Messages): string {
  const { contact: texts } = messages;
  const parts = (next.why ?? '').split('; ');
  const reason = parts.map((part) => formatRefusal(part, messages)).join('; ');
  const moment = formatInstant(next.at, messages);
  switch (next.action) {
    case 'call_in_progress':
      return texts.calling;
    case 'retry':
      return next.at !== null && next.at <= new Date()
        ? texts.due(moment, reason)
        : texts.next(moment, reason);
    case 'paused':
      return texts.paused;
    case 'first_call':
      if (state === 'waiting') return texts.notQueued;
      return next.at === null ? texts.queued : texts.first(moment, reason);
    case 'nothing':
      if (state === 'done')
        return texts.done(
          result ?? messages.none,
          formatRefusal(withoutResult(next.why ?? '', result), messages),
        );
      if (campaign.status === 'draft') return texts.notQueued;
      return campaign.status === 'running' ? texts.refused(reason) : texts.campaignOver;
  }
}

/** `busy: all 3 attempts made` beside the result `busy` says it twice; `success: final` says nothing more. */
function withoutResult(why: string, result: string | null): string {
  const rest = why.startsWith(`${result}: `) ? why.slice(`${result}: `.length) : why;
  return rest === REASONS.final ? '' : rest;
}
