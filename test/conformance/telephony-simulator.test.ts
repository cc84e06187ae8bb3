import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTelephony } from '../helpers/esl-telephony.ts';
import { SimulatorProcess } from '../helpers/simulator.ts';
import { toneWav } from '../helpers/wav.ts';
import { describeTelephony } from './telephony-suite.ts';

for (const [audioModule, sampleRateHz] of [
  ['audio_stream', 8000],
  ['audio_fork', 16000],
] as const) {
  describeTelephony(`FreeSWITCH adapter on the simulator, ${audioModule} at ${sampleRateHz} Hz`, async () => {
    const soundsDir = mkdtempSync(join(tmpdir(), 'minibot-sounds-'));
    writeFileSync(join(soundsDir, 'short.wav'), toneWav(300));
    writeFileSync(join(soundsDir, 'long.wav'), toneWav(10_000));
    const simulator = await SimulatorProcess.start();
    const { port, password } = simulator;
    return {
      open: (overrides) =>
        openTelephony({ port, password, soundsDir, audioModule, sampleRateHz, ...overrides }),
      prompts: { short: 'short.wav', long: 'long.wav', missing: 'missing.wav' },
      sampleRateHz,
      dropLink: () => simulator.order('drop'),
      restart: () => simulator.order('crash 100'),
      close: async () => {
        await simulator.close();
        rmSync(soundsDir, { recursive: true });
      },
    };
  });
}
