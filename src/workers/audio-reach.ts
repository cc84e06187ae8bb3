import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Config } from '../config.ts';
import { OperatorError } from '../errors.ts';

/**
 * Rejects when the switch is on another machine and would be told to send its calls' audio to a loopback address, which is
 * its own: people would be called and hear nothing.
 */
export async function refuseUnreachableAudio({
  freeswitch,
  streaming,
}: {
  freeswitch: Pick<Config['freeswitch'], 'eslHost'>;
  streaming: Pick<Config['streaming'], 'host' | 'publicUrl'>;
}): Promise<void> {
  const { eslHost } = freeswitch;
  const { host, publicUrl } = streaming;
  if (publicUrl !== null || !(await addressesOf(host)).every(isLoopback)) return;
  if (await isThisMachine(eslHost)) return;
  throw new OperatorError(
    'audio_unreachable',
    `FreeSWITCH is on another machine (FREESWITCH_ESL_HOST ${eslHost}), and would look for this worker at ${host}, which is ` +
      'itself: people would be called and hear nothing. Set STREAMING_ASR_PUBLIC_URL to ws://host:port as FreeSWITCH ' +
      'reaches this machine, and STREAMING_ASR_HOST to 0.0.0.0 or one address of it',
  );
}

/** Also true for a name that nobody knows. */
export async function isThisMachine(host: string): Promise<boolean> {
  return (await addressesOf(host)).every((address) => isLoopback(address) || isOurs(address));
}

/** Where the switch is told to send calls' audio, for people to read. */
export function audioAddress({ host, port, publicUrl }: Config['streaming']): string {
  return publicUrl ?? (port === 0 ? `this worker (${host}, a free port)` : `ws://${host}:${port}`);
}

/** None for a name that nobody knows: connecting to it says so. */
async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}

function isLoopback(address: string): boolean {
  return isIPv4(address) ? address.startsWith('127.') : address === '::1';
}

function isOurs(address: string): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some((own) => own.address === address));
}
