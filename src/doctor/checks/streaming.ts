import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../../config.ts';
import { withDeadline } from '../../deadline.ts';
import { OperatorError } from '../../errors.ts';
import { audioAddress, refuseUnreachableAudio } from '../../workers/audio-reach.ts';
import type { Check } from '../check.ts';
import { finding, type Finding } from '../findings.ts';

const NAME_DEADLINE_MS = 3000;
const WILDCARDS = new Set(['0.0.0.0', '::']);
/** What a worker's audio server says to whoever asks it for a page. */
const UPGRADE_REQUIRED = 426;

/** Where calls' audio is received: the port, and the address that the switch is told. */
export const checkStreaming: Check = async ({ config, signal }) => {
  const { host, port } = config.streaming;
  return [
    port === 0 ? finding('streaming_any', { host }) : await portFinding(config, signal),
    ...(await addressFindings(config)),
  ];
};

async function portFinding({ streaming }: Config, signal: AbortSignal): Promise<Finding> {
  const { host, port } = streaming;
  const fault = await tryToListen(host, port);
  if (fault === null) return finding('streaming_free', { port, address: audioAddress(streaming) });
  if (fault.code !== 'EADDRINUSE')
    return finding('streaming_unusable', { host, port, detail: fault.message });
  return (await isWorker(host, port, signal))
    ? finding('streaming_worker', { port })
    : finding('streaming_taken', { host, port });
}

/** Null: it may. */
export async function tryToListen(
  host: string,
  port: number,
): Promise<{ code: string; message: string } | null> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { code: 'code' in error ? String(error.code) : '', message: error.message };
  } finally {
    server.close();
  }
}

async function isWorker(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  const reachable = WILDCARDS.has(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  try {
    const response = await fetch(`http://${reachable}:${port}/`, { signal });
    await response.body?.cancel();
    return response.status === UPGRADE_REQUIRED;
  } catch {
    // It speaks no HTTP, or does not answer in time.
    return false;
  }
}

async function addressFindings(config: Config): Promise<Finding[]> {
  const { host, publicUrl } = config.streaming;
  if (publicUrl === null && WILDCARDS.has(host)) return [finding('streaming_wildcard', { host })];
  try {
    await refuseUnreachableAudio(config);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return [finding('streaming_unreachable', { switchHost: config.freeswitch.eslHost, host })];
  }
  if (publicUrl === null) return [];
  const { hostname } = new URL(publicUrl);
  return (await isKnown(hostname)) ? [] : [finding('streaming_name_unknown', { host: hostname })];
}

/** A name server that does not answer in time knows nothing. */
async function isKnown(hostname: string): Promise<boolean> {
  return withDeadline(lookup(hostname), NAME_DEADLINE_MS, 'the look-up of a name').then(
    () => true,
    () => false,
  );
}
