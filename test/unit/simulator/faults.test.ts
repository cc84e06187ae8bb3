import { afterEach, describe, expect, it } from 'vitest';

import { startSimulator, TestClient } from './running-simulator.ts';

const UUID = '11111111-2222-4333-8444-555555555555';

describe('faults on order', () => {
  let running: Awaited<ReturnType<typeof startSimulator>>;
  const clients: TestClient[] = [];

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await running.close();
  });

  const open = async (): Promise<TestClient> => {
    const client = await TestClient.open(running.port);
    clients.push(client);
    return client;
  };

  const originate = (client: TestClient, number: string, uuid = UUID): void => {
    client.send(
      `bgapi originate {origination_uuid=${uuid},ignore_early_media=true}sofia/gateway/mygateway/${number} &park()\n\n`,
    );
  };

  it('dies of audio started on a ringing channel, with every call, and comes back when told to', async () => {
    let dead = '';
    running = await startSimulator({ restartAfterMs: 50, onDead: (how) => (dead = how) });
    const [client, other] = [await open(), await open()];
    originate(client, '33199000104');
    await client.event('CHANNEL_PROGRESS');
    client.send(`api uuid_audio_stream ${UUID} start ws://127.0.0.1:1/ mono 8k\n\n`);
    await client.until('close', () => client.isClosed);
    await other.until('close', () => other.isClosed);
    expect(client.events.some((event) => event.name === 'CHANNEL_HANGUP')).toBe(false);
    const again = await reconnect(running.port, clients);
    expect(await again.api(`uuid_exists ${UUID}`)).toBe('false');
    expect(dead).toBe('');
  });

  it('stays dead without a restart', async () => {
    let died = (): void => undefined;
    const dead = new Promise<void>((resolve) => (died = resolve));
    running = await startSimulator({ onDead: () => died() });
    const client = await open();
    running.simulator.crash();
    await client.until('close', () => client.isClosed);
    await dead;
    expect(running.record().map((entry) => entry['type'])).toContain('crash');
  });

  it('cuts clients off while calls go on', async () => {
    running = await startSimulator();
    const client = await open();
    originate(client, '33199000102');
    await client.event('CHANNEL_PARK');
    running.simulator.dropConnections();
    await client.until('close', () => client.isClosed);
    const again = await open();
    expect(await again.api(`uuid_exists ${UUID}`)).toBe('true');
  });

  it('refuses calls beyond its limit, with no event', async () => {
    running = await startSimulator({ maxSessions: 1 });
    const client = await open();
    originate(client, '33199000102');
    await client.event('CHANNEL_PARK');
    originate(client, '33199000102', '99999999-2222-4333-8444-555555555555');
    const job = await client.event('BACKGROUND_JOB', 2);
    expect(job.body).toBe('-ERR DESTINATION_OUT_OF_ORDER\n');
    expect(client.events.filter((event) => event.name === 'CHANNEL_CREATE')).toHaveLength(1);
  });

  it('loses its calls as a failing trunk does', async () => {
    running = await startSimulator();
    const client = await open();
    originate(client, '33199000102');
    await client.event('CHANNEL_PARK');
    running.simulator.loseCalls();
    const end = await client.event('CHANNEL_HANGUP_COMPLETE');
    expect(end.headers.get('Hangup-Cause')).toBe('NORMAL_TEMPORARY_FAILURE');
  });

  it('shuts down in order: SHUTDOWN, the calls, a notice', async () => {
    let dead = '';
    running = await startSimulator({ onDead: (how) => (dead = how) });
    const client = await open();
    originate(client, '33199000102');
    await client.event('CHANNEL_PARK');
    expect(await client.api('fsctl shutdown')).toBe('+OK\n');
    await client.until('close', () => client.isClosed);
    const names = client.events.map((event) => event.name);
    expect(names.slice(names.indexOf('SHUTDOWN'))).toEqual([
      'SHUTDOWN',
      'CHANNEL_HANGUP',
      'CHANNEL_UNPARK',
      'CHANNEL_EXECUTE_COMPLETE',
      'CHANNEL_HANGUP_COMPLETE',
      'CHANNEL_DESTROY',
    ]);
    expect(client.replies.at(-1)).toBe('text/disconnect-notice: The system is being shut down.\n');
    await running.close();
    expect(dead).not.toBe('crashed');
  });

  it('ends a call whose time is up, or that nobody drives', async () => {
    running = await startSimulator();
    const client = await open();
    originate(client, '33199000102');
    await client.event('CHANNEL_PARK');
    expect(await client.api(`sched_hangup +0 ${UUID} ALLOTTED_TIMEOUT`)).toBe('+OK\n');
    expect((await client.event('CHANNEL_HANGUP')).headers.get('Hangup-Cause')).toBe('ALLOTTED_TIMEOUT');
    await client.event('CHANNEL_DESTROY');
    client.send(
      `bgapi originate {park_timeout=1:NO_USER_RESPONSE}sofia/gateway/mygateway/33199000102 &park()\n\n`,
    );
    expect((await client.event('CHANNEL_HANGUP', 2)).headers.get('Hangup-Cause')).toBe('NO_USER_RESPONSE');
  });

  it('has an endpoint that calls nobody, and is not in the record of calls, refused or not', async () => {
    running = await startSimulator({ maxSessions: 1 });
    const client = await open();
    client.send(`bgapi originate {origination_uuid=${UUID}}null/minibot &park()\n\n`);
    client.send('bgapi originate {}null/minibot &park()\n\n');
    expect((await client.event('BACKGROUND_JOB')).body).toBe('-ERR DESTINATION_OUT_OF_ORDER\n');
    const answer = await client.event('CHANNEL_ANSWER');
    expect(answer.headers.get('Channel-Name')).toBe('null/minibot');
    expect(answer.headers.get('variable_originate_endpoint')).toBe('null');
    expect(answer.headers.has('variable_sip_gateway_name')).toBe(false);
    await client.event('CHANNEL_PARK');
    expect(client.events.map((event) => event.name)).not.toContain('CHANNEL_PROGRESS');
    await client.api(`uuid_kill ${UUID}`);
    await client.event('CHANNEL_DESTROY');
    expect(running.record()).toEqual([]);
  });

  it('pauses a playback at its position and goes on from there', async () => {
    running = await startSimulator();
    const client = await open();
    originate(client, '33199000102');
    await client.event('CHANNEL_PARK');
    client.send(
      `sendmsg ${UUID}\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: {turn_id=7}silence_stream://400\nevent-uuid: e-1\n\n`,
    );
    const start = await client.event('PLAYBACK_START');
    expect(start.headers.get('turn_id')).toBe('7');
    await client.api(`uuid_fileman ${UUID} pause`);
    client.send(
      `sendmsg ${UUID}\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: silence_stream://600\n\n`,
    );
    const nested = await client.event('PLAYBACK_STOP');
    expect(nested.headers.get('Playback-File-Path')).toBe('silence_stream://600');
    expect(client.events.filter((event) => event.name === 'PLAYBACK_STOP')).toHaveLength(1);
    await client.api(`uuid_fileman ${UUID} pause`);
    const stop = await client.event('PLAYBACK_STOP', 2);
    expect(stop.headers.get('variable_playback_last_offset_pos')).toBe('3200');
    const types = running.record().map((entry) => entry['type']);
    expect(types).toEqual(expect.arrayContaining(['playback-paused', 'playback-resumed']));
    const complete = await client.event('CHANNEL_EXECUTE_COMPLETE', 2);
    expect(complete.headers.get('Application-UUID')).toBe('e-1');
  });
});

/** Opens a client as soon as somebody listens again. */
async function reconnect(port: number, clients: TestClient[]): Promise<TestClient> {
  const deadline = AbortSignal.timeout(5000);
  for (;;) {
    try {
      const client = await TestClient.open(port);
      clients.push(client);
      return client;
    } catch (error) {
      if (deadline.aborted) throw error;
    }
  }
}
