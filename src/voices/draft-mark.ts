/** Comment in a WAV file that a machine spoke: it stays with the file, and goes when somebody records another. */
export const DRAFT_MARK = 'MiniBotPanel draft';

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

/** Whether the file says of itself that it is a draft; false for whatever is no WAV file. */
export function readDraftMark(bytes: Buffer): boolean {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF') return false;
  let offset = RIFF_HEADER_BYTES;
  while (offset + CHUNK_HEADER_BYTES <= bytes.length) {
    const tag = bytes.toString('latin1', offset, offset + 4);
    const size = bytes.readUInt32LE(offset + 4);
    const start = offset + CHUNK_HEADER_BYTES;
    if (tag === 'LIST' && bytes.subarray(start, start + size).includes(DRAFT_MARK)) return true;
    // Chunks are padded to an even length.
    offset = start + size + (size % 2);
  }
  return false;
}
