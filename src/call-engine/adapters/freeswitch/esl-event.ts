/** Reads one header; null when it is absent. */
export type HeaderReader = (name: string) => string | null;

/** One event of the switch, apart from the library that parsed it. */
export interface EslEvent {
  /** `CHANNEL_ANSWER`, `BACKGROUND_JOB` …; `''` when the switch sent none. */
  readonly name: string;
  /** The channel it is about; null for events of the switch itself. */
  readonly channelUuid: string | null;
  readonly header: HeaderReader;
  readonly body: string;
}

/** A header value as text. Headers that come twice are lists in JSON events: the first one counts. */
export function headerText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return headerText(value[0]);
  return null;
}

/** Reads headers of a flat JSON object such as the one `uuid_dump … json` prints; null when it is not one. */
export function headersOfJson(text: string): HeaderReader | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Not JSON: an `-ERR …` line or rubbish. The caller decides what that means.
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const headers = new Map<string, unknown>(Object.entries(parsed));
  return (name) => headerText(headers.get(name));
}
