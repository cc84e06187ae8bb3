import type { CallingWindow } from '../compliance/calling-window.ts';
import type { RetryPolicy } from '../db/campaign-settings.ts';
import { fillIn, readReasons, REASONS } from '../reasons.ts';
import type { Messages } from './language.ts';

/** A Monday, to name the days of the week. */
const SOME_MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

export function formatNumber(value: number, { locale }: Messages): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** With one place after the point: `-3.1`. */
export function formatDecimal(value: number, { locale }: Messages): string {
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return format.format(value);
}

/** Date and time on this machine's clock; a dash for null. */
export function formatInstant(instant: Date | null, { locale, none }: Messages): string {
  if (instant === null) return none;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'medium' }).format(instant);
}

/** Day and hour on the clock of `timeZone`, which is named. */
export function formatInstantIn(timeZone: string, instant: Date, { locale }: Messages): string {
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short', timeZone });
  return `${moment.format(instant)} (${timeZone})`;
}

/** `2m 34s`; a dash for null. */
export function formatDuration(durationMs: number | null, messages: Messages): string {
  if (durationMs === null) return messages.none;
  const seconds = Math.round(durationMs / 1000);
  return messages.duration(Math.floor(seconds / 60), seconds % 60);
}

/** Milliseconds as seconds, without zeros that say nothing. */
export function formatSeconds(ms: number, { locale }: Messages): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(ms / 1000);
}

export function formatName(person: { firstName: string | null; lastName: string | null }): string {
  return [person.firstName, person.lastName].filter((part) => part !== null).join(' ');
}

/** `Mon–Fri 10:00–13:00, 14:00–20:00 (each contact's own time; not on public holidays, Alsace-Moselle's included)`. */
export function formatWindow(window: CallingWindow | null, messages: Messages): string {
  const { campaign } = messages;
  if (window === null) return campaign.legalDefault;
  if (!window.enabled) return campaign.always;
  const hours = window.ranges.map(({ start, end }) => `${start}–${end}`).join(', ');
  const clock = window.timeZone === 'contact' ? campaign.clockOfContact : window.timeZone;
  return `${formatDays(window.days, messages)} ${hours} (${clock}; ${campaign.holidays[window.holidays]})`;
}

/** Days that follow each other as a range. */
function formatDays(days: readonly number[], { locale }: Messages): string {
  const name = (day: number): string =>
    new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(
      new Date(SOME_MONDAY + (day - 1) * DAY_MS),
    );
  const runs: { first: number; last: number }[] = [];
  for (const day of [...days].sort()) {
    const run = runs.at(-1);
    if (run?.last === day - 1) run.last = day;
    else runs.push({ first: day, last: day });
  }
  return runs
    .map(({ first, last }) => (first === last ? name(first) : `${name(first)}–${name(last)}`))
    .join(', ');
}

export function formatRetries(retry: RetryPolicy, messages: Messages): string {
  const results = Object.keys(retry.delayMsByResult).sort();
  if (!retry.enabled || retry.maxAttempts < 2 || results.length === 0) return messages.campaign.noRetries;
  return messages.campaign.retriesOf(formatNumber(retry.maxAttempts, messages), results.join(', '));
}

export function formatPace(
  pace: { maxConcurrentCalls: number; callDelayMs: number },
  messages: Messages,
): string {
  const { maxConcurrentCalls, callDelayMs } = pace;
  if (callDelayMs === 0) return messages.campaign.paceWithoutDelay(maxConcurrentCalls);
  return messages.campaign.paceOf(maxConcurrentCalls, formatSeconds(callDelayMs, messages));
}

/** What the gate says, in the reader's language where it is known: `no_consent: expired`. */
export function formatRefusal(refusal: string, messages: Messages): string {
  const [code = '', ...rest] = refusal.split(': ');
  const known = messages.refusals[code];
  if (known === undefined) return formatReason(refusal, messages);
  const detail = rest.join(': ');
  return detail === '' || detail === SAYS_NO_MORE ? known : `${known} (${translate(detail, messages)})`;
}

/** The refusal's name says it already. */
const SAYS_NO_MORE: string = REASONS.opposed;

/** Why there is another try, or none: `busy: attempt 2 of 3, in another part of the day`. */
export function formatReason(text: string, messages: Messages): string {
  const [, result = '', sentences = text] = /^([a-z_]+): (.*)$/s.exec(text) ?? [];
  const translated = translate(sentences, messages);
  return result === '' ? translated : messages.reasonAfter(result, translated);
}

/** In the reader's language where every sentence is known; else as it stands. */
function translate(sentences: string, { reasons }: Messages): string {
  const known = readReasons(sentences);
  return known?.map(({ name, values }) => fillIn(reasons[name], values)).join(', ') ?? sentences;
}
