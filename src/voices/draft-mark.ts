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

/** The WAV file with the mark: a `LIST` chunk of type `INFO` that holds a comment, at its end. */
export function withDraftMark(wav: Buffer): Buffer {
  const comment = Buffer.from(`${DRAFT_MARK}\0`, 'latin1');
  const padding = Buffer.alloc(comment.length % 2);
  const info = Buffer.concat([Buffer.from('INFOICMT'), uint32(comment.length), comment, padding]);
  const marked = Buffer.concat([
    wav,
    Buffer.alloc(wav.length % 2),
    Buffer.from('LIST'),
    uint32(info.length),
    info,
  ]);
  marked.writeUInt32LE(marked.length - CHUNK_HEADER_BYTES, 4);
  return marked;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
