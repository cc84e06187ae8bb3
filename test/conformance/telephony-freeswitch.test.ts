import { ScriptedSwitch } from '../helpers/esl-switch.ts';
import { openTelephony } from '../helpers/esl-telephony.ts';
import { describeTelephony } from './telephony-suite.ts';

describeTelephony('FreeSWITCH adapter on a scripted event socket', async () => {
  const scripted = await ScriptedSwitch.start();
  return {
    open: (overrides) => openTelephony({ port: scripted.port, password: scripted.password, ...overrides }),
    prompts: { short: 'short.wav', long: 'long.wav', missing: 'missing.wav' },
    sampleRateHz: 8000,
    dropLink: () => scripted.dropLink(),
    restart: () => scripted.restart(),
    close: () => scripted.close(),
  };
});
