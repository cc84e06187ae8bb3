import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Command, InvalidArgumentError, Option } from 'commander';

import { Population } from './callers/population.ts';
import { SimulatorError } from './errors.ts';
import { CallRecord } from './record.ts';
import { Simulator } from './simulator.ts';
import type { GatewayState } from './switch/switch.ts';

interface CliOptions {
  eslHost: string;
  eslPort: number;
  password?: string;
  population: string;
  personas: string;
  unknownNumbers: 'lab' | 'not-found';
  sounds?: string;
  record?: string;
  gateway: string[];
  maxSessions: number;
  heartbeatMs: number;
  restartAfterMs?: number;
  jsonReady: boolean;
  control: boolean;
}

/** The lab's gateways that do not work, to try a caller against. */
const BROKEN_GATEWAYS: readonly [string, GatewayState][] = [
  ['deadgateway', 'closed'],
  ['downgateway', 'down'],
  ['blackhole', 'mute'],
];

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const program = new Command('simulator')
  .description(
    'A stand-in for FreeSWITCH with scripted callers: ESL server, and WebSocket client for the audio.',
  )
  .option('--esl-host <address>', 'address to listen on', '127.0.0.1')
  .option('--esl-port <port>', 'port to listen on; 0 takes a free one', integer, 8021)
  .option('--password <password>', 'ESL password; without it one is made up and printed')
  .option('--population <file>', 'JSON file: which number is which persona', here('population.json'))
  .option('--personas <folder>', 'folder of persona files', here('personas'))
  .addOption(
    new Option('--unknown-numbers <rule>', "numbers that nobody has: 'lab' acts by the last two digits")
      .choices(['lab', 'not-found'])
      .default('lab'),
  )
  .option('--sounds <folder>', 'where relative playback paths are looked for')
  .option('--record <file>', 'write what happens, as JSON lines')
  .option('--gateway <name...>', 'names of working gateways', ['mygateway'])
  .option('--max-sessions <count>', 'calls at once', integer, 1000)
  .option('--heartbeat-ms <ms>', 'time between HEARTBEAT events', integer, 20_000)
  .option(
    '--restart-after-ms <ms>',
    'come back this long after a crash; without it a crash ends the process',
    integer,
  )
  .option('--json-ready', 'print the ready line as JSON', false)
  .option(
    '--control',
    'take orders from standard input: drop, crash [restart-ms], lose-calls, max-sessions <n>, stop',
    false,
  )
  .action(run);

async function run(options: CliOptions): Promise<void> {
  const password = options.password ?? randomBytes(12).toString('hex');
  const record = new CallRecord(options.record ?? null);
  const simulator = new Simulator({
    eslHost: options.eslHost,
    eslPort: options.eslPort,
    password,
    callees: new Population({
      populationFile: options.population,
      personasDir: options.personas,
      clipsDir: here('audio'),
      unknownNumbers: options.unknownNumbers,
    }),
    record,
    soundsDir: options.sounds ?? null,
    gateways: new Map([...BROKEN_GATEWAYS, ...options.gateway.map((name) => [name, 'up'] as const)]),
    maxSessions: options.maxSessions,
    heartbeatMs: options.heartbeatMs,
    restartAfterMs: options.restartAfterMs ?? null,
    onDead: (how) => process.exit(how === 'crashed' ? 139 : 0),
  });
  await simulator.start();
  const stop = (): void => void simulator.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (options.control) obeyStandardInput(simulator, stop);
  announce(options, simulator.eslPort, password);
}

function announce(options: CliOptions, eslPort: number, password: string): void {
  const { eslHost } = options;
  if (options.jsonReady) {
    process.stdout.write(
      `${JSON.stringify({ event: 'ready', eslHost, eslPort, password, pid: process.pid })}\n`,
    );
    return;
  }
  const shown = options.password === undefined ? password : '(as given)';
  process.stdout.write(
    `simulator ready: ESL ${eslHost}:${eslPort} password ${shown} gateways ${options.gateway.join(',')}\n`,
  );
}

/** One order per line; the end of the input, as when the parent process is gone, stops the simulator. */
function obeyStandardInput(simulator: Simulator, stop: () => void): void {
  const orders: Record<string, (argument: string | undefined) => void> = {
    drop: () => simulator.dropConnections(),
    crash: (restartMs) => (restartMs === undefined ? simulator.crash() : simulator.crash(Number(restartMs))),
    'lose-calls': () => simulator.loseCalls(),
    'max-sessions': (count) => simulator.limitSessions(Number(count)),
    stop,
  };
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const [order = '', argument] = line.trim().split(/\s+/);
    const carryOut = Object.hasOwn(orders, order) ? orders[order] : undefined;
    if (carryOut === undefined) process.stderr.write(`simulator: unknown order "${order}"\n`);
    else carryOut(argument);
    process.stdout.write(`${JSON.stringify({ event: 'order', order, ok: carryOut !== undefined })}\n`);
  });
  lines.on('close', stop);
}

function integer(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('must be a whole number, 0 or more');
  return value;
}

try {
  await program.parseAsync();
} catch (error) {
  const isOwn = error instanceof SimulatorError || (error instanceof Error && 'syscall' in error);
  if (!isOwn) throw error;
  process.stderr.write(`simulator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
