import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTelephony } from '../helpers/esl-telephony.ts';
import { SimulatorProcess } from '../helpers/simulator.ts';
import { toneWav } from '../helpers/wav.ts';
import { describeTelephony } from './telephony-suite.ts';

describeTelephony('FreeSWITCH adapter on the simulator', async () => {
  const soundsDir = mkdtempSync(join(tmpdir(), 'minibot-sounds-'));
  writeFileSync(join(soundsDir, 'short.wav'), toneWav(300));
  writeFileSync(join(soundsDir, 'long.wav'), toneWav(10_000));
  const simulator = await SimulatorProcess.start();
  return {
    open: (overrides) =>
      openTelephony({ port: simulator.port, password: simulator.password, soundsDir, ...overrides }),
    prompts: { short: 'short.wav', long: 'long.wav', missing: 'missing.wav' },
    dropLink: () => simulator.order('drop'),
    restart: () => simulator.order('crash 100'),
    close: async () => {
      await simulator.close();
      rmSync(soundsDir, { recursive: true });
    },
  };
});
