import type { Logger } from 'pino';
import type { AudioReach } from '../../ports.ts';
import { createFreeswitchTelephony, type FreeswitchTelephonyOptions } from './telephony.ts';

/**
 * Tries once whether the switch takes calls and its audio arrives here, on a channel that calls nobody: whoever uses this
 * cannot dial. Opens a telephony of its own and closes it. Rejects with an `OperatorError` that says what to mend.
 */
export async function tryAudio(
  options: FreeswitchTelephonyOptions,
  logger: Logger,
  signal: AbortSignal,
): Promise<AudioReach> {
  const telephony = createFreeswitchTelephony(options, logger);
  try {
    await telephony.ready({ signal });
    return await telephony.probeAudio();
  } finally {
    await telephony.close();
  }
}
