import { addConsent, withdrawConsent } from '../../campaigns/change-consent.ts';
import { contactGateOptions } from '../../campaigns/from-config.ts';
import {
  RECORDED_BASES,
  standingOf,
  type BasisStanding,
  type RecordedBasis,
  type Standing,
} from '../../compliance/consent.ts';
import { consentHistory } from '../../db/consents.ts';
import type { ConsentRecord } from '../../db/schema.ts';
import { OperatorError } from '../../errors.ts';
import type { CommandContext } from '../command-context.ts';
import { formatInstant, formatReason } from '../format.ts';
import type { Messages } from '../language.ts';
import { withPhone } from '../with-phone.ts';

export interface ConsentOptions {
  basis: RecordedBasis;
  date?: Date;
  expires?: Date;
  channel?: string;
  source?: string;
  wording?: string;
}

/** What is written down where the operator names no source. A consent always has one. */
const OPERATOR = 'operator';

/** Records that somebody agreed, has a contract, or has a professional line. */
export async function runConsentAdd(
  context: CommandContext,
  given: string,
  options: ConsentOptions,
): Promise<undefined> {
  refuseUnsound(options, context.messages);
  const { phone, ...done } = await withPhone(context, given, async (db, person, { config, fingerprint }) => {
    const rules = contactGateOptions(config, await fingerprint());
    const changed = await addConsent(db, person, changeOf(options), { rules, now: () => new Date() });
    return { phone: person.phone, ...changed };
  });
  const { consent: texts } = context.messages;
  if (context.json) context.terminal.printJson(done);
  else {
    context.terminal.print(done.recorded ? texts.added(phone) : texts.known(phone));
    printStanding(context, done.standing);
  }
  if (done.opposed) context.terminal.printWarning(context.messages.warningLabel, texts.opposed(phone));
  return undefined;
}

/** Records that it ended, and ends the places in campaigns that call on it. */
export async function runConsentWithdraw(
  context: CommandContext,
  given: string,
  options: Omit<ConsentOptions, 'expires'>,
): Promise<undefined> {
  refuseFuture(options.date, context.messages);
  const { phone, ...done } = await withPhone(context, given, async (db, person, { config, fingerprint }) => {
    const rules = contactGateOptions(config, await fingerprint());
    const changed = await withdrawConsent(db, person, changeOf(options), { rules, now: () => new Date() });
    return { phone: person.phone, ...changed };
  });
  if (context.json) context.terminal.printJson(done);
  else {
    const { consent: texts, opposition } = context.messages;
    context.terminal.print(done.recorded ? texts.withdrawn(phone) : texts.known(phone));
    printStanding(context, done.standing);
    if (done.cancelled > 0) context.terminal.print(opposition.cancelled(done.cancelled));
  }
  return undefined;
}

/** The whole history of a number, and what of it counts now. */
export async function runConsentList(context: CommandContext, given: string): Promise<undefined> {
  const { messages, terminal } = context;
  const { phone, standing, records } = await withPhone(
    context,
    given,
    async (db, person, { config, fingerprint }) => {
      const history = await consentHistory(db, person.subject);
      const rules = contactGateOptions(config, await fingerprint());
      return { phone: person.phone, records: history, standing: standingOf(history, rules, new Date()) };
    },
  );
  if (context.json) {
    terminal.printJson({ phone, standing, records: records.map(withoutSubject) });
    return undefined;
  }
  const { consent: texts } = messages;
  if (records.length === 0) terminal.print(texts.none(phone));
  else {
    terminal.printTable(
      [texts.what, texts.date, texts.expires, texts.channel, texts.source, texts.wording],
      records.map((record) => [
        record.granted ? texts.bases[record.basis] : texts.ended(texts.bases[record.basis]),
        formatInstant(record.actedAt, messages),
        formatInstant(record.expiresAt, messages),
        record.channel ?? messages.none,
        record.source,
        record.wording ?? messages.none,
      ]),
    );
  }
  printStanding(context, standing);
  return undefined;
}

function withoutSubject({ subject: _subject, ...record }: ConsentRecord): Omit<ConsentRecord, 'subject'> {
  return record;
}

function changeOf(options: ConsentOptions) {
  const { basis, date = null, expires = null, channel = null, source = OPERATOR, wording = null } = options;
  return { basis, actedAt: date, expiresAt: expires, channel, source, wording };
}

/** A consent without date, source and wording proves nothing. */
function refuseUnsound(options: ConsentOptions, messages: Messages): void {
  const { consent: texts } = messages;
  if (options.basis === 'consent') {
    const missing = (['date', 'source', 'wording'] as const).filter((name) => options[name] === undefined);
    if (missing.length > 0) {
      const names = missing.map((name) => `--${name}`).join(', ');
      throw new OperatorError('consent_incomplete', texts.incomplete(names));
    }
  }
  refuseFuture(options.date, messages);
  if (options.expires !== undefined && options.expires <= (options.date ?? new Date(0))) {
    throw new OperatorError('consent_expires', texts.expiresBefore);
  }
}

function refuseFuture(date: Date | undefined, { consent }: Messages): void {
  if (date !== undefined && date > new Date()) throw new OperatorError('consent_future', consent.future);
}

/** What counts now; of what was never said, only that there is no consent. */
function printStanding({ messages, terminal }: CommandContext, standing: Standing): void {
  const { consent: texts } = messages;
  terminal.printFacts(
    RECORDED_BASES.filter((basis) => basis === 'consent' || !isUnsaid(standing[basis])).map((basis) => [
      texts.bases[basis],
      describe(standing[basis], messages),
    ]),
  );
}

function isUnsaid(standing: BasisStanding): boolean {
  return !standing.held && standing.why === 'never given';
}

function describe(standing: BasisStanding, messages: Messages): string {
  const { consent: texts } = messages;
  if (!standing.held) return texts.doesNotCount(formatReason(standing.why, messages));
  const since = formatInstant(standing.since, messages);
  return standing.until === null
    ? texts.counts(since)
    : texts.countsUntil(since, formatInstant(standing.until, messages));
}
