import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { CallProbe, openTelephony } from '../helpers/esl-telephony.ts';
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

const DEADLINE_MS = 20_000;

/** Takes what it writes on a connection that is logged in. */
async function loggedIn({ host, port, password }: SimulatorProcess): Promise<Socket> {
  const socket = connect(port, host);
  socket.write(`auth ${password}\n\n`);
  let heard = '';
  while (!heard.includes('+OK accepted')) heard += String(await once(socket, 'data'));
  return socket;
}

it('a simulator that hangs dials late what it was sent, as FreeSWITCH does; the adapter sends it nothing', async () => {
  const simulator = await SimulatorProcess.start();
  const { port, password } = simulator;
  const telephony = openTelephony({ port, password, timeouts: { preflightMs: 200, commandTimeoutMs: 200 } });
  try {
    await telephony.ready({ signal: AbortSignal.timeout(DEADLINE_MS) });
    const other = await loggedIn(simulator);
    simulator.freeze();
    const late = randomUUID();
    const sent = new Promise((resolve) =>
      other.write(
        `bgapi originate {origination_uuid=${late}}sofia/gateway/mygateway/33199000104 &park()\n\n`,
        resolve,
      ),
    );
    await sent;
    other.resetAndDestroy();

    const call = new CallProbe(telephony);
    expect(await call.ended()).toMatchObject({ hangupCause: 'LINK_LOST', rang: false });
    await vi.waitFor(() => expect(telephony.isReady()).toBe(false), { timeout: DEADLINE_MS });
    simulator.thaw();
    await telephony.ready({ signal: AbortSignal.timeout(DEADLINE_MS) });
    const dialled = () =>
      simulator.record().flatMap(({ type, uuid }) => (type === 'originate' ? [uuid] : []));
    await vi.waitFor(() => expect(dialled()).toContain(late), { timeout: DEADLINE_MS });
    expect(dialled()).not.toContain(call.channelUuid);
  } finally {
    simulator.thaw();
    await telephony.close();
    await simulator.close();
  }
}, 60_000);
