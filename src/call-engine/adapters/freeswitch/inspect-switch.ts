import { audioModule, type AudioModuleName } from './audio-modules.ts';
import {
  fileExists,
  gatewayStatus,
  isPaused,
  moduleExists,
  switchStatus,
  switchVersion,
  usageOf,
} from './esl-commands.ts';
import { EslConnection, type EslAddress } from './esl-connection.ts';

/** What a look at the switch tells. */
export interface SwitchFacts {
  /** `1.10.12`; `?` when it does not say. */
  version: string;
  /** One question and its answer. */
  latencyMs: number;
  /** Null when it does not say. */
  sessions: { now: number; most: number; mostPerSecond: number } | null;
  isPaused: boolean;
  /** Null: it knows no such gateway. */
  gateway: { state: string; isUp: boolean } | null;
  audioModule: { name: string; isLoaded: boolean; answer: string; answers: boolean };
  hasNullEndpoint: boolean;
  /** Those of `folders` that it does not find. */
  missingFolders: string[];
}

interface InspectOptions {
  address: EslAddress;
  gateway: string;
  audioModule: AudioModuleName;
  /** Absolute, on the switch. */
  folders: readonly string[];
  deadlineMs: number;
  signal: AbortSignal;
}

const INVALID_GATEWAY = 'Invalid Gateway!';
const UNKNOWN_COMMAND = 'Command not found';
const MAX_SHOWN = 120;

/** Looks at a switch without placing a call. Rejects with an `OperatorError` that says what to mend. */
export async function inspectSwitch(options: InspectOptions): Promise<SwitchFacts> {
  const { address, deadlineMs, signal } = options;
  const connection = await EslConnection.open(
    { ...address, connectTimeoutMs: deadlineMs, commandTimeoutMs: deadlineMs },
    {
      onEvent: () => undefined,
      // Whoever waits for an answer is told.
      onClosed: () => undefined,
      onUnreadableEvent: () => undefined,
    },
    { signal },
  );
  const abort = (): void => void connection.close();
  signal.addEventListener('abort', abort);
  try {
    return await ask(connection, options);
  } finally {
    signal.removeEventListener('abort', abort);
    await connection.close();
  }
}

async function ask(connection: EslConnection, options: InspectOptions): Promise<SwitchFacts> {
  const askedMs = performance.now();
  const version = await connection.send(switchVersion());
  const latencyMs = Math.round(performance.now() - askedMs);
  const module = audioModule(options.audioModule);
  const answer = (await connection.send(usageOf(module.commandName))).trim();
  const missingFolders: string[] = [];
  for (const folder of options.folders) {
    // Anything else is a switch that cannot be asked this.
    if ((await connection.send(fileExists(folder))).trim() === 'false') missingFolders.push(folder);
  }
  return {
    version: /Version (\d[\w.]*)/.exec(version)?.[1] ?? '?',
    latencyMs,
    sessions: readSessions(await connection.send(switchStatus())),
    isPaused: (await connection.send(isPaused())).trim() === 'true',
    gateway: readGateway(await connection.send(gatewayStatus(options.gateway))),
    audioModule: {
      name: module.moduleName,
      isLoaded: (await connection.send(moduleExists(module.moduleName))).trim() !== 'false',
      answer: answer.slice(0, MAX_SHOWN),
      answers: !answer.includes(UNKNOWN_COMMAND),
    },
    hasNullEndpoint: (await connection.send(moduleExists('mod_loopback'))).trim() !== 'false',
    missingFolders,
  };
}

/** From the answer to `status`; null when it is none. */
function readSessions(status: string): SwitchFacts['sessions'] {
  const now = /(\d+) session\(s\) - peak/.exec(status)?.[1];
  const mostPerSecond = /per Sec out of max (\d+)/.exec(status)?.[1];
  const most = /^(\d+) session\(s\) max/m.exec(status)?.[1];
  if (now === undefined || mostPerSecond === undefined || most === undefined) return null;
  return { now: Number(now), most: Number(most), mostPerSecond: Number(mostPerSecond) };
}

/** From the answer to `sofia status gateway`; null when the switch knows no such gateway. */
function readGateway(answer: string): SwitchFacts['gateway'] {
  if (answer.trim() === INVALID_GATEWAY) return null;
  const field = (name: string) => new RegExp(`^${name}\\s*\\t(.+)$`, 'm').exec(answer)?.[1]?.trim() ?? '?';
  const [state, status] = [field('State'), field('Status')];
  // `Ping` of an unregistered gateway says DOWN in Status; a registration that failed says so in State.
  const isUp = status.startsWith('UP') && !FAILED_STATES.has(state);
  return { state: `${state}, ${status}`.slice(0, MAX_SHOWN), isUp };
}

/** REGED and NOREG are well; TRYING and REGISTER will be soon. */
const FAILED_STATES: ReadonlySet<string> = new Set([
  'UNREGED',
  'FAILED',
  'FAIL_WAIT',
  'EXPIRED',
  'TIMEOUT',
  'DOWN',
]);
