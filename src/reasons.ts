/**
 * What operators are told about a contact's next try or about a refusal, as it is stored and as programs read it. Each has a
 * name, so that another language can say it (`src/cli/messages/fr.ts`); rows of earlier versions hold the same sentences.
 */
export const REASONS = {
  // After an attempt
  final: 'final',
  retries_off: 'retries are off',
  all_attempts_made: 'all {most} attempts made',
  most_of_result: '{times} times, which is the most',
  next_attempt: 'attempt {next} of {most}',
  fault_made_good: 'not counted, fault {faults}',
  given_up: 'given up after {faults} faults',
  test_call: 'a test call',
  asked_for_peace: 'asked not to be called again',
  // When it comes
  other_part_of_day: 'in another part of the day',
  window_opens: 'when the calling window opens',
  brought_forward: 'brought forward',
  // Details of refusals
  opposed: 'asked not to be called',
  never_given: 'never given',
  withdrawn: 'withdrawn',
  expired: 'expired',
  dated_in_future: 'dated in the future',
  campaign_attempts_made: '{made} of {most} attempts of this campaign made',
  refused_within: 'said no less than {days} days ago',
  attempts_within: '{made} attempts within {days} days, {most} allowed',
  window_shut: 'the calling window is shut in {zone}',
  zone_unknown: 'neither the contact nor the number tells the time zone',
  no_test_number: 'not in TEST_NUMBERS',
  none_set: 'none_set',
  not_declared: 'not_declared',
  range_not_for_automated_calls: 'range_not_for_automated_calls',
  emergency: 'emergency',
  short_number: 'short_number',
  special_rate: 'special_rate',
  satellite: 'satellite',
  machine: 'machine',
  country_not_allowed: 'country_not_allowed',
  impossible: 'impossible',
  not_e164: 'not_e164',
} as const;
export type ReasonName = keyof typeof REASONS;

/** Names of a template's `{places}`. */
export type ParametersOf<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParametersOf<Rest>
  : never;
type Values = Readonly<Record<string, string | number>>;

/** The sentence of that name. */
export function reason<Name extends ReasonName>(
  name: Name,
  values: Readonly<Record<ParametersOf<(typeof REASONS)[Name]>, string | number>>,
): string {
  return fillIn(REASONS[name], values);
}

/** Puts values into a template's `{places}`. */
export function fillIn(template: string, values: Values): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

const READERS = Object.entries(REASONS).map(([name, template]) => ({
  name: name as ReasonName, // Object.entries forgets it.
  pattern: new RegExp(
    `^${template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>[^,;]+?)')}(?:, |$)`,
  ),
}));

/** What `text` says, sentence by sentence, separated by commas; null where one of them is not known. */
export function readReasons(text: string): { name: ReasonName; values: Values }[] | null {
  const known: { name: ReasonName; values: Values }[] = [];
  for (let rest = text; rest !== '';) {
    const found = READERS.map(({ name, pattern }) => ({ name, match: pattern.exec(rest) })).find(
      ({ match }) => match !== null,
    );
    if (!found?.match) return null;
    known.push({ name: found.name, values: { ...found.match.groups } });
    rest = rest.slice(found.match[0].length);
  }
  return known;
}
