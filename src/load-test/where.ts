import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspectSwitch } from '../call-engine/adapters/freeswitch/inspect-switch.ts';
import type { Closers } from '../closers.ts';
import { eslPasswordOf, loadConfig, type Config, type Environment } from '../config.ts';
import { OperatorError } from '../errors.ts';
import { isThisMachine } from '../workers/audio-reach.ts';
import { population } from './numbers.ts';
import { startSimulatedSwitch } from './simulated-switch.ts';

/** What the calls of a load test go to. */
export interface LoadTarget {
  kind: 'simulator' | 'switch';
  /** `host:port`, for people to read. */
  where: string;
  config: Config;
  /** The simulator's process; null for a switch. */
  pid: number | null;
}

/** The part of `MINIBOT_INSTANCE` that a name may have, less what is added. */
const INSTANCE_CHARACTERS = 26;
const INSPECT_MS = 5000;
/** A line's next call may begin before the last one's sockets are closed. */
const SPARE_CALLS = 20;

/**
 * Under a mark of its own, so that workers of this installation do not take its channels for strays of theirs.
 */
function ownMark(config: Config): Record<string, string> {
  return { MINIBOT_INSTANCE: `${config.instance.slice(0, INSTANCE_CHARACTERS)}_load` };
}

/** The simulator, started for this test: nobody can be called through it. `closers` stops it. */
export async function openSimulator(
  environment: Environment,
  options: { concurrent: number; onUnexpectedExit: (error: Error) => void },
  closers: Closers,
): Promise<LoadTarget> {
  const config = loadConfig(environment);
  const dir = await mkdtemp(path.join(tmpdir(), 'minibot-load-'));
  closers.add('folder of the simulator', () => rm(dir, { recursive: true, force: true }));
  const maxCalls = options.concurrent + SPARE_CALLS;
  const { eslPort, password, pid } = await startSimulatedSwitch(
    {
      dir,
      numbers: population(),
      personas: null,
      maxCalls,
      gateway: config.freeswitch.gateway,
      record: null,
      environment,
      onUnexpectedExit: options.onUnexpectedExit,
    },
    closers,
  );
  const { soundsDir } = config.freeswitch;
  const simulated = {
    ...environment,
    ...ownMark(config),
    FREESWITCH_ESL_HOST: '127.0.0.1',
    FREESWITCH_ESL_PORT: String(eslPort),
    FREESWITCH_ESL_PASSWORD: password,
    // What was prepared for the switch, else the recordings as they are.
    FREESWITCH_SOUNDS_DIR: existsSync(soundsDir) ? soundsDir : path.resolve(config.audio.sourceDir),
    SWITCH_MAX_CALLS: String(maxCalls),
    STREAMING_ASR_HOST: '127.0.0.1',
    STREAMING_ASR_PORT: '0',
    STREAMING_ASR_PUBLIC_URL: '',
  };
  return { kind: 'simulator', where: `127.0.0.1:${eslPort}`, config: loadConfig(simulated), pid };
}

/**
 * The switch of the configuration. Rejects with an `OperatorError` where a load test might get in somebody's way and the
 * operator has not said that it may.
 */
export async function openConfiguredSwitch(
  environment: Environment,
  options: { concurrent: number; isConfirmed: boolean; signal: AbortSignal },
): Promise<LoadTarget> {
  const own = loadConfig(environment);
  const config = loadConfig({ ...environment, ...ownMark(own) });
  const { eslHost, eslPort, gateway, audioModule, maxCalls } = config.freeswitch;
  const where = `${eslHost}:${eslPort}`;
  if (options.concurrent > maxCalls) {
    throw new OperatorError(
      'load_test_too_many',
      `${options.concurrent} calls at once are more than SWITCH_MAX_CALLS (${maxCalls}): lower --concurrent`,
    );
  }
  const unless = (isClear: boolean, doubt: string): void => {
    if (!isClear && !options.isConfirmed) throw unconfirmed(where, doubt, gateway);
  };
  unless(await isThisMachine(eslHost), 'it is on another machine');
  const { sessions } = await inspectSwitch({
    address: { host: eslHost, port: eslPort, password: eslPasswordOf(config) },
    gateway,
    audioModule,
    folders: [],
    deadlineMs: INSPECT_MS,
    signal: options.signal,
  });
  const underWay = sessions?.now ?? 0;
  unless(underWay === 0, `${underWay} calls are under way on it`);
  return { kind: 'switch', where, config, pid: null };
}

function unconfirmed(where: string, doubt: string, gateway: string): OperatorError {
  return new OperatorError(
    'load_test_unconfirmed',
    `no load test on the switch at ${where}: ${doubt}. Calls would go to numbers of fiction through the gateway ${gateway} ` +
      'and take lines from others. Say --yes-this-is-my-switch if that is meant, or --simulator',
  );
}
