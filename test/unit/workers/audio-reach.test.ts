import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { refuseUnreachableAudio } from '../../../src/workers/audio-reach.ts';

/** Reserved for documentation: no machine has it. */
const ELSEWHERE = '192.0.2.1';
const OUR_ADDRESSES = Object.values(networkInterfaces()).flatMap((all) => all ?? []);

function check(eslHost: string, host = '127.0.0.1', publicUrl: string | null = null): Promise<void> {
  return refuseUnreachableAudio({ freeswitch: { eslHost }, streaming: { host, publicUrl } });
}

describe('where the switch sends its audio', () => {
  it.each(['127.0.0.1', 'localhost', '::1'])(
    'is not loopback when the switch is elsewhere: %s',
    async (host) => {
      await expect(check(ELSEWHERE, host)).rejects.toThrow(/192\.0\.2\.1.*STREAMING_ASR_PUBLIC_URL/s);
    },
  );

  it('may be loopback when the switch is on this machine', async () => {
    for (const eslHost of ['localhost', '127.0.0.1', '::1', ...OUR_ADDRESSES.map(({ address }) => address)]) {
      await expect(check(eslHost)).resolves.toBeUndefined();
    }
  });

  it('is what the operator says it is', async () => {
    await expect(check(ELSEWHERE, '127.0.0.1', 'ws://192.0.2.2:8080')).resolves.toBeUndefined();
    await expect(check(ELSEWHERE, '192.0.2.2')).resolves.toBeUndefined();
    // The audio server asks for the address itself.
    await expect(check(ELSEWHERE, '0.0.0.0')).resolves.toBeUndefined();
  });
});
