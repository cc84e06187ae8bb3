import { access, constants, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../config.ts';
import type { Check } from '../check.ts';
import { finding, type Finding } from '../findings.ts';

const GB = 1024 ** 3;
/** An hour of 30 recorded calls is some 3.5 GB, its rows and logs far less. */
const LOW_GB = 5;
const FULL_GB = 0.5;

interface Place {
  /** The variable that names it. */
  what: string;
  directory: string;
  /** Made on first use; until then its parent is looked at. */
  isMadeByUs: boolean;
}

/** Room to write, where something is written on this machine. */
export const checkDisk: Check = async ({ config }) => {
  const findings = await Promise.all(placesOf(config).map(look));
  return findings.flat();
};

function placesOf({ dataDir, logging, freeswitch }: Config): Place[] {
  return [
    { what: 'MINIBOT_DATA_DIR', directory: path.resolve(dataDir), isMadeByUs: true },
    ...(logging.dir === null
      ? []
      : [{ what: 'LOG_DIR', directory: path.resolve(logging.dir), isMadeByUs: true }]),
    ...(freeswitch.recordingsDir === null
      ? []
      : [{ what: 'RECORDINGS_DIR', directory: freeswitch.recordingsDir, isMadeByUs: false }]),
  ];
}

async function look({ what, directory, isMadeByUs }: Place): Promise<Finding[]> {
  const existing = isMadeByUs ? await nearestThatExists(directory) : await ifDirectory(directory);
  // On the switch's machine, which is another one: the check of the switch asks it.
  if (existing === null) return [];
  const { bavail, bsize } = await statfs(existing);
  const freeGb = (bavail * bsize) / GB;
  const values = { what, directory, free: rounded(freeGb) };
  return [
    freeGb < FULL_GB
      ? finding('disk_full', values)
      : freeGb < LOW_GB
        ? finding('disk_low', values)
        : finding('disk_free', { free: rounded(freeGb), what }),
    ...((await isWritable(existing)) ? [] : [finding('not_writable', { what, directory: existing })]),
  ];
}

async function nearestThatExists(directory: string): Promise<string> {
  for (let place = directory; ; place = path.dirname(place)) {
    const existing = await ifDirectory(place);
    if (existing !== null || place === path.dirname(place)) return existing ?? place;
  }
}

/** Null where it is not, or not for us to see. */
async function ifDirectory(directory: string): Promise<string | null> {
  return stat(directory).then(
    (found) => (found.isDirectory() ? directory : null),
    () => null,
  );
}

async function isWritable(directory: string): Promise<boolean> {
  return access(directory, constants.W_OK).then(
    () => true,
    () => false,
  );
}

function rounded(gigabytes: number): number {
  return gigabytes < 10 ? Math.round(gigabytes * 10) / 10 : Math.round(gigabytes);
}
