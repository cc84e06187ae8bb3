import { inspectSwitch, type SwitchFacts } from '../../call-engine/adapters/freeswitch/inspect-switch.ts';
import { tryAudio } from '../../call-engine/adapters/freeswitch/try-audio.ts';
import type { AudioReach } from '../../call-engine/ports.ts';
import type { Config } from '../../config.ts';
import { MinibotError, OperatorError } from '../../errors.ts';
import { audioAddress } from '../../workers/audio-reach.ts';
import { freeswitchOptions } from '../../workers/call-settings.ts';
import type { Check, CheckContext } from '../check.ts';
import { finding, type Finding } from '../findings.ts';
import { tryToListen } from './streaming.ts';

/** Of event_socket.conf.xml as FreeSWITCH comes. */
const DEFAULT_PASSWORD = 'ClueCon';

/** The switch: reachable, with gateway and audio module; on request also a call to nobody. */
export const checkFreeswitch: Check = async (context) => {
  const password = context.config.freeswitch.eslPassword;
  if (password === null) return withoutPassword(context);
  try {
    const facts = await inspect(password, context);
    return [
      ...findingsOf(facts, context.config),
      ...(password === DEFAULT_PASSWORD ? [finding('switch_default_password', {})] : []),
      ...(context.originate && facts.audioModule.isLoaded ? [await callNobody(password, context)] : []),
    ];
  } catch (error) {
    return [unusable(error, context.config)];
  }
};

/** Nobody set one; a switch as it came from its package takes the one that everybody knows. */
async function withoutPassword(context: CheckContext): Promise<Finding[]> {
  const missing = finding('switch_no_password', {});
  try {
    await inspect(DEFAULT_PASSWORD, context);
    return [missing, finding('switch_default_password', {})];
  } catch (error) {
    // That the password is refused is as it should be.
    const hasOwnPassword = error instanceof OperatorError && error.code === 'FREESWITCH_PASSWORD_REFUSED';
    return hasOwnPassword ? [missing] : [missing, unusable(error, context.config)];
  }
}

function inspect(password: string, { config, deadlineMs, signal }: CheckContext): Promise<SwitchFacts> {
  const { eslHost, eslPort, gateway, audioModule } = config.freeswitch;
  return inspectSwitch({
    address: { host: eslHost, port: eslPort, password },
    gateway,
    audioModule,
    folders: foldersOf(config).map(([, folder]) => folder),
    deadlineMs,
    signal,
  });
}

/** Each with the variable that names it. */
function foldersOf({ freeswitch }: Config): [string, string][] {
  const { soundsDir, recordingsDir } = freeswitch;
  return [
    ['FREESWITCH_SOUNDS_DIR', soundsDir],
    ...(recordingsDir === null ? [] : [['RECORDINGS_DIR', recordingsDir] satisfies [string, string]]),
  ];
}

function findingsOf(facts: SwitchFacts, config: Config): Finding[] {
  const { version, latencyMs, sessions, gateway } = facts;
  const { freeswitch } = config;
  return [
    finding('switch_version', { version, where: addressOf(config), latencyMs }),
    gateway === null
      ? finding('gateway_unknown', { gateway: freeswitch.gateway })
      : finding(gateway.isUp ? 'gateway_up' : 'gateway_down', {
          gateway: freeswitch.gateway,
          state: gateway.state,
        }),
    ...audioModuleFindings(facts.audioModule),
    ...(facts.isPaused ? [finding('switch_paused', {})] : []),
    ...(sessions === null ? [] : sessionFindings(sessions, freeswitch.maxCalls)),
    ...(facts.hasNullEndpoint ? [] : [finding('null_endpoint_missing', {})]),
    ...foldersOf(config)
      .filter(([, folder]) => facts.missingFolders.includes(folder))
      .map(([variable, directory]) => finding('switch_folder_missing', { directory, variable })),
  ];
}

function audioModuleFindings({ name, isLoaded, answers, answer }: SwitchFacts['audioModule']): Finding[] {
  if (!isLoaded) return [finding('audio_module_missing', { module: name })];
  return [
    answers
      ? finding('audio_module_loaded', { module: name })
      : finding('audio_module_mute', { module: name, detail: answer }),
  ];
}

function sessionFindings(
  { now, most, mostPerSecond }: NonNullable<SwitchFacts['sessions']>,
  wanted: number,
): Finding[] {
  if (most < wanted) return [finding('switch_sessions_few', { wanted, most })];
  return [finding('switch_sessions', { now, most, perSecond: mostPerSecond })];
}

/** Under a mark of its own: workers clear up channels that bear theirs and belong to no attempt. */
async function callNobody(password: string, { config, signal, logger }: CheckContext): Promise<Finding> {
  const options = freeswitchOptions(config, password);
  const { listenHost, listenPort } = options.audio;
  // A worker on this machine has the port: another one shows the way from the switch to here as well.
  const port = (await tryToListen(listenHost, listenPort)) === null ? listenPort : 0;
  const reach = await tryAudio(
    {
      ...options,
      channelMark: `${options.channelMark}-doctor`,
      audio: { ...options.audio, listenPort: port, maxStreams: 1 },
    },
    logger,
    signal,
  ).catch((error: unknown): AudioReach => {
    if (signal.aborted || !(error instanceof MinibotError)) throw error;
    return { result: 'untried', reason: error.message };
  });
  switch (reach.result) {
    case 'arrives':
      return finding('audio_arrives', {});
    case 'missing':
      return finding('audio_missing', { detail: reach.reason, address: audioAddress(config.streaming) });
    case 'untried':
      return finding('audio_untried', { detail: reach.reason });
  }
}

function addressOf({ freeswitch }: Config): string {
  return `${freeswitch.eslHost}:${freeswitch.eslPort}`;
}

/** What the adapter rejects with, in the doctor's words. */
function unusable(error: unknown, config: Config): Finding {
  if (!(error instanceof OperatorError)) throw error;
  const where = addressOf(config);
  const detail = error.cause instanceof Error ? error.cause.message : error.message;
  switch (error.code) {
    case 'FREESWITCH_UNREACHABLE':
      return finding('switch_unreachable', { where, detail });
    case 'FREESWITCH_PROTOCOL':
      return finding('switch_no_event_socket', { where, detail });
    case 'FREESWITCH_PASSWORD_REFUSED':
      return finding('switch_password_refused', { where });
    case 'FREESWITCH_ADDRESS_REFUSED':
      return finding('switch_address_refused', { where });
    default:
      throw error;
  }
}
