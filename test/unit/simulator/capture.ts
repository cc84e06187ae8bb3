import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One message of a recorded ESL session. */
export interface CaptureRecord {
  side: 'client' | 'switch';
  atMs: number;
  text: string;
}

/** Reads a file of `test/fixtures/freeswitch-captures`, up to an optional remark. */
export function readCapture(name: string, options: { until?: string } = {}): CaptureRecord[] {
  const path = fileURLToPath(new URL(`../../fixtures/freeswitch-captures/${name}`, import.meta.url));
  const bytes = readFileSync(path);
  const records: CaptureRecord[] = [];
  for (let at = 0; at < bytes.length;) {
    const lineEnd = bytes.indexOf(0x0a, at);
    if (lineEnd === -1) break;
    const line = bytes.toString('utf8', at, lineEnd);
    at = lineEnd + 1;
    const match = /^@@ ([CS]) \+([\d.]+)ms (\d+) bytes/.exec(line);
    if (match === null) {
      if (options.until !== undefined && line.includes(options.until)) break;
      continue;
    }
    const length = Number(match[3]);
    records.push({
      side: match[1] === 'C' ? 'client' : 'switch',
      atMs: Number(match[2]),
      text: bytes.toString('utf8', at, at + length),
    });
    at += length + 1;
  }
  return records;
}

export type Message =
  | { kind: 'reply'; text: string }
  | { kind: 'event'; name: string; headers: Map<string, string>; body: string };

/** A message of the switch, understood by a decoder of the test's own. */
export function parseMessage(text: string): Message {
  const [head = '', ...rest] = text.split('\n\n');
  const body = text.slice(head.length + 2);
  const type = /Content-Type: (\S+)/.exec(head)?.[1] ?? '';
  if (type === 'text/event-json') return jsonEvent(body);
  if (type === 'text/event-plain') return plainEvent(rest);
  const reply = /Reply-Text: (.*)/.exec(head)?.[1];
  return { kind: 'reply', text: reply ?? `${type}: ${body}` };
}

function plainEvent([head = '', ...body]: string[]): Message {
  const headers = new Map<string, string>();
  for (const line of head.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) headers.set(line.slice(0, colon), decodeURIComponent(line.slice(colon + 2)));
  }
  return { kind: 'event', name: headers.get('Event-Name') ?? '', headers, body: body.join('\n\n') };
}

function jsonEvent(body: string): Message {
  const parsed: unknown = JSON.parse(body);
  const headers = new Map(Object.entries(parsed ?? {}).map(([name, value]) => [name, String(value)]));
  return { kind: 'event', name: headers.get('Event-Name') ?? '', headers, body: headers.get('_body') ?? '' };
}

/** Cuts the switch's byte stream into messages. */
export class MessageReader {
  #pending = Buffer.alloc(0);

  push(chunk: Buffer): string[] {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const messages: string[] = [];
    for (;;) {
      const end = this.#pending.indexOf('\n\n');
      if (end === -1) return messages;
      const length = Number(/Content-Length: (\d+)/.exec(this.#pending.toString('utf8', 0, end))?.[1] ?? 0);
      if (this.#pending.length < end + 2 + length) return messages;
      messages.push(this.#pending.toString('utf8', 0, end + 2 + length));
      this.#pending = this.#pending.subarray(end + 2 + length);
    }
  }
}
