export type Header = readonly [name: string, value: string];

/** One event as the switch raises it; headers in wire order, values unencoded, names may repeat. */
export interface SwitchEvent {
  name: string;
  /** For CUSTOM events, e.g. `mod_audio_stream::connect`. */
  subclass: string | null;
  headers: readonly Header[];
  body: string;
}

export type EventFormat = 'plain' | 'json';

export function encodeEvent(event: SwitchEvent, format: EventFormat): Buffer {
  const body = format === 'plain' ? plainBody(event) : jsonBody(event);
  return Buffer.from(
    `Content-Length: ${Buffer.byteLength(body)}\nContent-Type: text/event-${format}\n\n${body}`,
  );
}

export function headerValue(event: SwitchEvent, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return event.headers.find(([header]) => header.toLowerCase() === wanted)?.[1];
}

/** Headers as an `event plain` body or `uuid_dump` shows them. */
export function plainHeaders(headers: readonly Header[]): string {
  return headers.map(([name, value]) => `${name}: ${urlEncode(value)}\n`).join('');
}

function plainBody(event: SwitchEvent): string {
  const headers = plainHeaders(event.headers);
  if (event.body === '') return `${headers}\n`;
  return `${headers}Content-Length: ${Buffer.byteLength(event.body)}\n\n${event.body}`;
}

function jsonBody(event: SwitchEvent): string {
  const pairs = event.headers.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  if (event.body !== '') {
    pairs.push(
      `"Content-Length":"${Buffer.byteLength(event.body)}"`,
      `"_body":${JSON.stringify(event.body)}`,
    );
  }
  return `{${pairs.join(',')}}`;
}

const ENCODED_ASCII = new Set(' "#%&+:;<=>?@[\\]^`{|}');

/** FreeSWITCH's own choice of characters: commas, parentheses and slashes stay as they are. */
function urlEncode(value: string): string {
  if (/^[\w./,()!$'*~-]*$/.test(value)) return value;
  let encoded = '';
  for (const byte of Buffer.from(value)) {
    const character = String.fromCharCode(byte);
    const isPlain = byte > 0x20 && byte < 0x7f && !ENCODED_ASCII.has(character);
    encoded += isPlain ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
