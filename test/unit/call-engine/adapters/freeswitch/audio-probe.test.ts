import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Telephony } from '../../../../../src/call-engine/ports.ts';
import { ScriptedSwitch } from '../../../../helpers/esl-switch.ts';
import { openTelephony } from '../../../../helpers/esl-telephony.ts';

describe('trying the audio', () => {
  let theSwitch: ScriptedSwitch;
  let telephony: Telephony;

  beforeEach(async () => {
    theSwitch = await ScriptedSwitch.start();
    telephony = openTelephony({ port: theSwitch.port, password: theSwitch.password });
    await telephony.ready({ signal: AbortSignal.timeout(5000) });
  });
  afterEach(async () => {
    await telephony.close();
    await theSwitch.close();
  });

  it('cannot be done on a switch without mod_loopback', async () => {
    theSwitch.hasNullEndpoint = false;
    expect(await telephony.probeAudio()).toEqual({
      result: 'untried',
      reason: '-ERR CHAN_NOT_IMPLEMENTED',
    });
  });

  it('is given up when the link breaks meanwhile', async () => {
    const trying = telephony.probeAudio();
    const failure = expect(trying).rejects.toThrow();
    theSwitch.dropLink();
    await failure;
  });
});
