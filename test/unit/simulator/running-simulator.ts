import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ClipLibrary } from '../../../simulator/callers/clip-library.ts';
import type { Attempt } from '../../../simulator/callers/persona-schema.ts';
import { personaSchema } from '../../../simulator/callers/persona-schema.ts';
import { ScriptedCallee } from '../../../simulator/callers/scripted-callee.ts';
import { CallRecord } from '../../../simulator/record.ts';
import type { SimulatorOptions } from '../../../simulator/simulator.ts';
import { Simulator } from '../../../simulator/simulator.ts';
import type { Message } from './capture.ts';
import { MessageReader, parseMessage } from './capture.ts';

const PASSWORD = 'ClueCon';
const simulatorDir = new URL('../../../simulator/', import.meta.url).pathname;

/** A simulator in this process, on a free port, with the lab's callees or one of the test's own. */
export async function startSimulator(
  options: Partial<SimulatorOptions> & { attempt?: Attempt; timeScale?: number } = {},
): Promise<{
  simulator: Simulator;
  port: number;
  recordFile: string;
  record: () => Record<string, unknown>[];
  close: () => Promise<void>;
}> {
  const dir = mkdtempSync(join(tmpdir(), 'simulator-test-'));
  const recordFile = join(dir, 'record.jsonl');
  const clips = new ClipLibrary(join(simulatorDir, 'audio'));
  const simulator = new Simulator({
    eslHost: '127.0.0.1',
    eslPort: 0,
    password: PASSWORD,
    callees: {
      callee: (number) =>
        new ScriptedCallee({
          persona: 'test',
          attempt: options.attempt ?? labAttempt(number, options.timeScale ?? 1),
          clip: (name) => clips.get(name),
        }),
    },
    record: new CallRecord(recordFile),
    soundsDir: null,
    gateways: new Map([
      ['mygateway', 'up'],
      ['deadgateway', 'closed'],
      ['downgateway', 'down'],
      ['blackhole', 'mute'],
    ]),
    maxSessions: 1000,
    heartbeatMs: 20_000,
    restartAfterMs: null,
    onDead: () => undefined,
    ...options,
  });
  await simulator.start();
  const record = (): Record<string, unknown>[] =>
    readFileSync(recordFile, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>); // Written by the simulator itself, one object per line.
  return {
    simulator,
    port: simulator.eslPort,
    recordFile,
    record,
    close: async () => {
      await simulator.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A client that collects what the switch sends. */
export class TestClient {
  readonly #socket: Socket;
  readonly messages: Message[] = [];
  readonly #waiting = new Set<() => void>();
  isClosed = false;

  constructor(port: number) {
    const reader = new MessageReader();
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (chunk) => {
      this.messages.push(...reader.push(chunk).map(parseMessage));
      this.#wake();
    });
    // A crash of the switch resets the connection; 'close' follows.
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  /** Connected, authenticated, subscribed to everything. */
  static async open(port: number): Promise<TestClient> {
    const client = new TestClient(port);
    client.send(`auth ${PASSWORD}\n\n`);
    await client.until('auth', () => client.replies.length >= 2);
    client.send('event plain ALL\n\n');
    await client.until('subscription', () => client.replies.length >= 3);
    return client;
  }

  get replies(): string[] {
    return this.messages.filter((message) => message.kind === 'reply').map((message) => message.text);
  }

  get events(): (Message & { kind: 'event' })[] {
    return this.messages.filter((message) => message.kind === 'event');
  }

  send(text: string): void {
    this.#socket.write(text);
  }

  /** Sends `api …` and resolves with its answer. */
  async api(command: string): Promise<string> {
    const before = this.replies.length;
    this.send(`api ${command}\n\n`);
    await this.until(command, () => this.replies.length > before);
    return (this.replies[before] ?? '').replace(/^api\/response: /, '');
  }

  event(name: string, occurrence = 1): Promise<Message & { kind: 'event' }> {
    const find = (): (Message & { kind: 'event' }) | undefined =>
      this.events.filter((event) => event.name === name || event.headers.get('Event-Subclass') === name)[
        occurrence - 1
      ];
    return this.until(`event ${name}`, find);
  }

  /** Resolves with what `check` returns once that is neither undefined nor false. */
  async until<T>(what: string, check: () => T | undefined | false, deadlineMs = 5000): Promise<T> {
    const deadline = AbortSignal.timeout(deadlineMs);
    for (;;) {
      const result = check();
      if (result !== undefined && result !== false) return result;
      if (this.isClosed) throw new Error(`${what} not seen: the connection is closed`);
      if (deadline.aborted) throw new Error(`${what} not seen within ${deadlineMs} ms`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          deadline.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiting.add(wake);
        deadline.addEventListener('abort', wake);
      });
    }
  }

  /** Makes `until` check again: something it waits for has happened elsewhere. */
  look(): void {
    this.#wake();
  }

  close(): void {
    this.#socket.destroy();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

/** A silent WAV file of this length, 8 kHz mono. */
export function writeSilence(path: string, ms: number): void {
  const data = Buffer.alloc(ms * 16);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  writeFileSync(path, Buffer.concat([header, data]));
}

/** The lab's callee of this number; with a scale its times shrink and it does not speak. */
function labAttempt(number: string, timeScale: number): Attempt {
  const json: unknown = JSON.parse(
    readFileSync(join(simulatorDir, 'personas', `lab-${number.slice(-2)}.json`), 'utf8'),
  );
  const attempt = personaSchema.parse(json).attempts[0];
  if (attempt === undefined) throw new Error(`no lab number like ${number}`);
  if (timeScale === 1) return attempt;
  const leg =
    'ringMs' in attempt.leg
      ? { ...attempt.leg, ringMs: Math.round(attempt.leg.ringMs * timeScale) }
      : attempt.leg;
  const script = attempt.script.map((reaction) => {
    const quiet = { ...reaction, says: [] };
    if ('onAnswer' in quiet) return { ...quiet, onAnswer: quiet.onAnswer * timeScale };
    return 'idleMs' in quiet ? { ...quiet, idleMs: quiet.idleMs * timeScale } : quiet;
  });
  return { ...attempt, leg, script };
}
