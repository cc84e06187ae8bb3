import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { SimulatorProcess } from '../../helpers/simulator.ts';
import { TestClient } from './running-simulator.ts';

const main = fileURLToPath(new URL('../../../simulator/main.ts', import.meta.url));
const run = promisify(execFile);

describe('the simulator as a process', () => {
  it('says where it listens, makes up a password, takes orders, keeps a record and stops', async () => {
    const simulator = await SimulatorProcess.start({ numbers: { '+33639982001': 'hangs-up-at-once' } });
    const client = new TestClient(simulator.port);
    try {
      expect(simulator.password).toMatch(/^[0-9a-f]{24}$/);
      client.send(`auth ${simulator.password}\n\nevent plain ALL\n\n`);
      client.send(
        'bgapi originate {ignore_early_media=true}sofia/gateway/mygateway/+33639982001 &park()\n\n',
      );
      const end = await client.event('CHANNEL_HANGUP_COMPLETE');
      expect(end.headers.get('variable_sip_hangup_disposition')).toBe('recv_bye');
      await simulator.order('drop');
      await client.until('close', () => client.isClosed);
      await expect(simulator.order('juggle')).rejects.toThrow('juggle');
      const types = simulator.record().map((entry) => entry.type);
      expect(types).toEqual([
        'originate',
        'ringing',
        'answered',
        'speech-started',
        'speech-ended',
        'hangup',
        'verdict',
      ]);
      expect(simulator.record().at(-1)).toMatchObject({ ok: true, persona: 'hangs-up-at-once' });
    } finally {
      client.close();
      await simulator.close();
    }
  });

  it('says in one line what is wrong with its input', async () => {
    const failure = run(process.execPath, ['--import', 'tsx', main, '--population', '/no/such/file.json']);
    await expect(failure).rejects.toThrow(/\nsimulator: \/no\/such\/file\.json: [^\n]*\n$/);
    await expect(failure).rejects.toHaveProperty('code', 1);
  });
});
