import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '../errors.ts';

/** The switch runs as another user. */
const FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;

/**
 * Puts a file in its place in one step, readable by everybody, with the folders it needs: whoever opens it sees the old one
 * or the whole new one. Throws an `OperatorError` where it may not be written.
 */
export async function writeAtomically(file: string, bytes: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  const beside = path.join(folder, `.${path.basename(file)}.${process.pid}.part`);
  try {
    const firstMade = await mkdir(folder, { recursive: true });
    if (firstMade !== undefined) await makeReadable(firstMade, folder);
    await writeFile(beside, bytes, { mode: FILE_MODE });
    // The umask may have taken rights away.
    await chmod(beside, FILE_MODE);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {
      // The folder itself is what cannot be written: the error below says so.
    });
    throw new OperatorError(
      'file_unwritable',
      `${file} cannot be written: check the folder and its permissions`,
      { cause: error },
    );
  }
}

/** From the first folder that was made to the last. */
async function makeReadable(first: string, last: string): Promise<void> {
  for (let folder = last; folder.length >= first.length; folder = path.dirname(folder)) {
    await chmod(folder, FOLDER_MODE);
    if (folder === path.dirname(folder)) return;
  }
}
