import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One record of a capture: bytes that one side sent. */
export interface CaptureRecord {
  from: 'client' | 'switch';
  bytes: Buffer;
}

const FOLDER = fileURLToPath(new URL('../fixtures/freeswitch-captures/', import.meta.url));
const MARK = /^@@ ([CS]) \+[\d.]+ms (\d+) bytes$/;

export function readCapture(file: string): CaptureRecord[] {
  const data = readFileSync(`${FOLDER}${file}`);
  const records: CaptureRecord[] = [];
  let at = 0;
  while (at < data.length) {
    const lineEnd = data.indexOf(0x0a, at);
    if (lineEnd === -1) break;
    const [, side, size] = MARK.exec(data.toString('utf8', at, lineEnd)) ?? [];
    at = lineEnd + 1;
    if (size === undefined) continue;
    const bytes = data.subarray(at, at + Number(size));
    records.push({ from: side === 'C' ? 'client' : 'switch', bytes });
    at += bytes.length + 1;
  }
  return records;
}

/** An event of a capture as flat headers, the body in `_body`; null for replies and responses. */
export function captureEvent(record: CaptureRecord): Record<string, string> | null {
  const text = record.bytes.toString('utf8');
  const [outer = '', ...rest] = text.split('\n\n');
  if (outer.includes('text/event-json')) {
    const parsed: unknown = JSON.parse(rest.join('\n\n'));
    if (typeof parsed !== 'object' || parsed === null) throw new Error('captured event is no object');
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, firstText(value)]));
  }
  if (!outer.includes('text/event-plain')) return null;
  const headers: Record<string, string> = {};
  for (const line of (rest[0] ?? '').split('\n')) {
    const colon = line.indexOf(': ');
    const name = line.slice(0, colon);
    // Some headers come twice; the first one counts.
    if (colon !== -1) headers[name] ??= decodeURIComponent(line.slice(colon + 2));
  }
  const body = rest.slice(1).join('\n\n');
  if (headers['Content-Length'] !== undefined && body !== '') headers['_body'] = body;
  return headers;
}

function firstText(value: unknown): string {
  return String(Array.isArray(value) ? value[0] : value);
}
