import { describe, expect, it } from 'vitest';
import {
  AnsweredChannel,
  audioModule,
} from '../../../../../src/call-engine/adapters/freeswitch/audio-modules.ts';
import { captureEvent, readCapture } from '../../../../helpers/esl-capture.ts';

const UUID = '0b6f7a3e-7a1d-4c55-9a55-0d9a4c3f2a11';
const reader =
  (headers: Record<string, string>) =>
  (name: string): string | null =>
    headers[name] ?? null;

function events(capture: string): Record<string, string>[] {
  return readCapture(capture)
    .map((record) => (record.from === 'switch' ? captureEvent(record) : null))
    .filter((event) => event !== null);
}

describe('proof of the answer', () => {
  it('only CHANNEL_ANSWER of a captured call makes one, no event before it', () => {
    const call = events('originate-01-answered-callee-speaks-then-hangs-up.json.txt');
    const proofs = call.map((event) => [event['Event-Name'], AnsweredChannel.from(reader(event)) !== null]);
    const answered = proofs.findIndex(([name]) => name === 'CHANNEL_ANSWER');
    expect(proofs.slice(0, answered).every(([, proof]) => proof === false)).toBe(true);
    expect(proofs[answered]?.[1]).toBe(true);
  });

  it.each(['ringing', 'early', 'hangup', ''])('a channel that is "%s" makes none', (state) => {
    expect(AnsweredChannel.from(reader({ 'Unique-ID': UUID, 'Answer-State': state }))).toBeNull();
  });

  it('a look-alike is refused', () => {
    const fake = Object.assign(Object.create(AnsweredChannel.prototype), { uuid: UUID }) as AnsweredChannel;
    expect(() => audioModule('audio_stream').start(fake, { url: 'ws://h/a', sampleRateHz: 8000 })).toThrow();
  });
});

describe('commands', () => {
  const answered = AnsweredChannel.from(reader({ 'Unique-ID': UUID, 'Answer-State': 'answered' }));
  it.each([
    ['audio_stream', 8000, `uuid_audio_stream ${UUID} start ws://127.0.0.1:9000/audio/t mono 8k`],
    ['audio_fork', 16000, `uuid_audio_fork ${UUID} start ws://127.0.0.1:9000/audio/t mono 16k`],
  ] as const)('%s at %d Hz', (name, sampleRateHz, line) => {
    if (answered === null) throw new Error('no proof');
    const command = audioModule(name).start(answered, { url: 'ws://127.0.0.1:9000/audio/t', sampleRateHz });
    expect(command).toEqual({ kind: 'api', line, headers: null });
  });
  it.each(['ws://a_b/x', 'ws://[::1]/x', 'http://a/x', 'ws://a/x y', 'ws://a/x\n'])(
    '%j is no stream URL',
    (url) => {
      if (answered === null) throw new Error('no proof');
      expect(() => audioModule('audio_stream').start(answered, { url, sampleRateHz: 8000 })).toThrow();
    },
  );
});

describe('news of the stream', () => {
  const news = (capture: string, module: 'audio_stream' | 'audio_fork'): (string | null)[] =>
    events(capture)
      .filter((event) => event['Event-Name'] === 'CUSTOM')
      .map(
        (event) =>
          audioModule(module).read(event['Event-Subclass'] ?? '', event['_body'] ?? '')?.type ?? null,
      );

  it('audio_stream: each close by the server is a loss', () => {
    expect(news('audio_stream-server-closes.plain.txt', 'audio_stream')).toEqual([
      ...Array.from({ length: 5 }, () => ['connected', 'lost']).flat(),
      'connected',
    ]);
  });
  it('audio_stream: each failure to connect is a loss', () => {
    const all = news('audio_stream-connection-refused.plain.txt', 'audio_stream');
    expect(all.length).toBeGreaterThan(10);
    expect(new Set(all)).toEqual(new Set(['lost']));
  });
  it('audio_stream: what the server sends changes nothing', () => {
    expect(audioModule('audio_stream').read('mod_audio_stream::json', '{}')).toBeNull();
    expect(audioModule('audio_stream').read('mod_audio_fork::disconnect', '')).toBeNull();
  });
  it('audio_fork: connect, then losses', () => {
    const all = news('audio_fork-control-commands-and-server-messages.plain.txt', 'audio_fork');
    expect(all[0]).toBe('connected');
    expect(all).toContain('lost');
    expect(all).toContain(null);
  });
});
