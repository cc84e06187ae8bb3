import { open } from 'node:fs/promises';

/** Comment in a WAV file that a machine spoke: it stays with the file, and goes when somebody records another. */
export const DRAFT_MARK = 'MiniBotPanel draft';

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** Comments are short; a chunk that claims more is not read further. */
const MAX_COMMENT_BYTES = 4096;
/** A recording has a handful of them. */
const MAX_CHUNKS = 64;

/** Whether a file says of itself that it is a draft; false for whatever is no WAV file. Rejects where it cannot be read. */
export async function isDraftFile(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const read = async (offset: number, length: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    if ((await read(0, 4)).toString('latin1') !== 'RIFF') return false;
    let offset = RIFF_HEADER_BYTES;
    for (let chunk = 0; chunk < MAX_CHUNKS; chunk++) {
      const head = await read(offset, CHUNK_HEADER_BYTES);
      if (head.length < CHUNK_HEADER_BYTES) return false;
      const size = head.readUInt32LE(4);
      const start = offset + CHUNK_HEADER_BYTES;
      if (head.toString('latin1', 0, 4) === 'LIST') {
        const comment = await read(start, Math.min(size, MAX_COMMENT_BYTES));
        if (comment.includes(DRAFT_MARK)) return true;
      }
      // Chunks are padded to an even length.
      offset = start + size + (size % 2);
    }
    return false;
  } finally {
    await handle.close();
  }
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
