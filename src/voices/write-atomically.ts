import { chmod, constants, copyFile, link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '../errors.ts';

/** The switch runs as another user. */
const FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;

/**
 * Puts a file in its place in one step, readable by everybody, with the folders it needs: whoever opens it sees the old one
 * or the whole new one. Throws an `OperatorError` where it may not be written, or is there and `mayReplace` is false.
 */
export async function writeAtomically(
  file: string,
  bytes: Uint8Array,
  { mayReplace = true }: { mayReplace?: boolean } = {},
): Promise<void> {
  const folder = path.dirname(file);
  const beside = path.join(folder, `.${path.basename(file)}.${process.pid}.part`);
  try {
    const firstMade = await mkdir(folder, { recursive: true });
    if (firstMade !== undefined) await makeReadable(firstMade, folder);
    await writeFile(beside, bytes, { mode: FILE_MODE });
    // The umask may have taken rights away.
    await chmod(beside, FILE_MODE);
    await (mayReplace ? rename(beside, file) : placeNew(beside, file));
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {
      // The folder itself is what cannot be written: the error below says so.
    });
    if (hasCode(error, 'EEXIST')) {
      throw new OperatorError('file_exists', `${file} is there already`, { cause: error });
    }
    throw new OperatorError(
      'file_unwritable',
      `${file} cannot be written: check the folder and its permissions`,
      { cause: error },
    );
  }
}

/** Fails with EEXIST where somebody was there first. Not every file system can link. */
async function placeNew(beside: string, file: string): Promise<void> {
  await link(beside, file).catch((error: unknown) => {
    if (hasCode(error, 'EEXIST')) throw error;
    return copyFile(beside, file, constants.COPYFILE_EXCL);
  });
  await rm(beside);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** From the first folder that was made to the last. */
async function makeReadable(first: string, last: string): Promise<void> {
  for (let folder = last; folder.length >= first.length; folder = path.dirname(folder)) {
    await chmod(folder, FOLDER_MODE);
    if (folder === path.dirname(folder)) return;
  }
}
