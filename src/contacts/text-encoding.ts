/** How the bytes of a contact file spell text. */
export type TextEncoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be';

/** What stands in Windows-1252 at 0x80–0x9F; elsewhere it is Latin-1. The five holes keep their code. */
const WINDOWS_1252_HIGH = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
const HIGH_CONTROLS = /[\x80-\x9f]/g;

/**
 * Finds out the encoding: by the byte order mark, else UTF-8 if the whole is valid UTF-8, else Windows-1252, which is what
 * Excel writes in France. Reads everything, holds little.
 */
export async function detectEncoding(bytes: AsyncIterable<Uint8Array>): Promise<TextEncoding> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let isFirst = true;
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue;
    if (isFirst && chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le';
    if (isFirst && chunk[0] === 0xfe && chunk[1] === 0xff) return 'utf-16be';
    isFirst = false;
    if (!decodes(() => utf8.decode(chunk, { stream: true }))) return 'windows-1252';
  }
  return decodes(() => utf8.decode()) ? 'utf-8' : 'windows-1252';
}

/** The text, piece by piece, without byte order mark. */
export async function* decodeText(
  bytes: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
): AsyncGenerator<string> {
  // Not TextDecoder for Windows-1252: some versions of Node read 0x80–0x9F as controls.
  if (encoding === 'windows-1252') {
    for await (const chunk of bytes) yield decodeWindows1252(chunk);
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

function decodeWindows1252(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(HIGH_CONTROLS, (control) => WINDOWS_1252_HIGH.charAt(control.charCodeAt(0) - 0x80));
}

function decodes(decode: () => unknown): boolean {
  try {
    decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
