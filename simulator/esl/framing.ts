/** One message of an ESL client: its first line, the header lines after it (names in lower case), and a body. */
export interface EslCommand {
  line: string;
  headers: ReadonlyMap<string, string>;
  body: string;
}

/** FreeSWITCH's own limit is about 1 MB per command. */
const MAX_COMMAND_BYTES = 1_000_000;

/** Cuts a client's byte stream into commands, whatever the size of the pieces it comes in. */
export class CommandReader {
  #pending: Buffer = Buffer.alloc(0);

  /** Throws a RangeError when a client sends more than one command's worth without ending it. */
  push(chunk: Buffer): EslCommand[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const commands: EslCommand[] = [];
    for (let command = this.#take(); command !== null; command = this.#take()) commands.push(command);
    if (this.#pending.length > MAX_COMMAND_BYTES) throw new RangeError('ESL command too long');
    return commands;
  }

  #take(): EslCommand | null {
    let start = 0;
    while (this.#pending[start] === 0x0a || this.#pending[start] === 0x0d) start++;
    const end = headerEnd(this.#pending, start);
    if (end === null) return null;
    const lines = this.#pending.toString('utf8', start, end.at).replaceAll('\r', '').split('\n');
    const headers = parseHeaders(lines.slice(1));
    const bodyBytes = Math.max(0, Number.parseInt(headers.get('content-length') ?? '0', 10) || 0);
    const bodyEnd = end.at + end.length + bodyBytes;
    if (this.#pending.length < bodyEnd) return null;
    const body = this.#pending.toString('utf8', end.at + end.length, bodyEnd);
    this.#pending = this.#pending.subarray(bodyEnd);
    return { line: (lines[0] ?? '').trim(), headers, body };
  }
}

function headerEnd(bytes: Buffer, from: number): { at: number; length: number } | null {
  for (let at = bytes.indexOf(0x0a, from); at !== -1; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return { at, length: 2 };
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return { at, length: 3 };
  }
  return null;
}

function parseHeaders(lines: string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

/** Answer to everything but `api`. */
export function encodeReply(replyText: string, headers: readonly (readonly [string, string])[] = []): Buffer {
  const extra = headers.map(([name, value]) => `${name}: ${value}\n`).join('');
  return Buffer.from(`Content-Type: command/reply\nReply-Text: ${replyText}\n${extra}\n`);
}

/** Answer to `api`. */
export function encodeApiResponse(body: string): Buffer {
  return encodeWithBody('api/response', body);
}

/** First thing a client sees. */
export const AUTH_REQUEST = Buffer.from('Content-Type: auth/request\n\n');

/** Last thing a client sees when the switch ends the connection on purpose. */
export function encodeDisconnectNotice(
  text = 'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n',
): Buffer {
  return encodeWithBody('text/disconnect-notice', text);
}

function encodeWithBody(contentType: string, body: string): Buffer {
  return Buffer.from(`Content-Type: ${contentType}\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}`);
}
