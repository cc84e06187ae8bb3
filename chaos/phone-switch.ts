import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MinibotError } from '../src/errors.ts';
import { Child, entryPoint, type ChildEnd } from './child.ts';
import type { Person } from './people.ts';

interface PhoneSwitchOptions {
  root: string;
  dataDir: string;
  people: readonly Person[];
  /** Its own account of what happens, JSON lines. */
  recordPath: string;
  onUnexpectedExit: (error: Error) => void;
}

const READY_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 10_000;
const AMPLE_SESSIONS = 1000;

/** The simulated switch as a process, with the orders it takes. */
export class PhoneSwitch {
  private constructor(
    private readonly child: Child,
    readonly eslPort: number,
    readonly password: string,
  ) {}

  static async open(options: PhoneSwitchOptions): Promise<PhoneSwitch> {
    const { root, dataDir, people, recordPath, onUnexpectedExit } = options;
    const population = path.join(dataDir, 'population.json');
    const numbers = Object.fromEntries(people.map(({ phone, persona }) => [phone, persona]));
    await writeFile(population, JSON.stringify({ numbers }));
    let onReady: (address: Address) => void = () => undefined;
    const ready = new Promise<Address>((resolve) => {
      onReady = resolve;
    });
    const child = new Child({
      ...entryPoint(path.join(root, 'simulator/main.ts'), [
        ...['--esl-port', '0', '--json-ready', '--control', '--record', recordPath],
        ...['--population', population, '--personas', path.join(root, 'chaos/fixtures/personas')],
        ...['--unknown-numbers', 'not-found', '--max-sessions', String(AMPLE_SESSIONS)],
      ]),
      env: {},
      cwd: dataDir,
      onLine: (line) => {
        const message: unknown = JSON.parse(line);
        if (isReadyLine(message)) onReady(message);
      },
      onUnexpectedExit: (end) => onUnexpectedExit(endedError(end)),
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const error = new MinibotError('chaos_switch_late', `no simulator within ${READY_DEADLINE_MS} ms`);
      timer = setTimeout(() => reject(error), READY_DEADLINE_MS);
    });
    const ended = child.exited.then((end) => Promise.reject(endedError(end)));
    try {
      const { eslPort, password } = await Promise.race([ready, ended, late]);
      return new PhoneSwitch(child, eslPort, password);
    } catch (error) {
      await child.kill();
      throw error;
    } finally {
      clearTimeout(timer);
      // From here on its end is told by `onUnexpectedExit`.
      ended.catch(() => undefined);
    }
  }

  dropEsl(): void {
    this.child.send('drop');
  }

  crash(restartMs: number): void {
    this.child.send(`crash ${restartMs}`);
  }

  loseCalls(): void {
    this.child.send('lose-calls');
  }

  limitSessions(sessions: number): void {
    this.child.send(`max-sessions ${sessions}`);
  }

  unlimitSessions(): void {
    this.limitSessions(AMPLE_SESSIONS);
  }

  async close(): Promise<void> {
    await this.child.stop({ deadlineMs: STOP_DEADLINE_MS });
  }
}

interface Address {
  eslPort: number;
  password: string;
}

function isReadyLine(message: unknown): message is Address {
  return (
    typeof message === 'object' &&
    message !== null &&
    'eslPort' in message &&
    typeof message.eslPort === 'number' &&
    'password' in message &&
    typeof message.password === 'string'
  );
}

function endedError({ code, signal, lastErrors }: ChildEnd): MinibotError {
  return new MinibotError(
    'chaos_switch_ended',
    `the simulator ended (${String(signal ?? code)})\n${lastErrors}`,
  );
}
