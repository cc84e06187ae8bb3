import { posix } from 'node:path';
import { MinibotError } from '../../../errors.ts';

/**
 * One command of the event socket, already safe to send: every value in it went through a check of this file.
 * `api` is answered when the switch has carried it out, in order, and blocks what is behind it: only for commands that
 * never wait. `background` runs beside the others; its result comes later as a job.
 */
export interface EslCommand {
  readonly kind: 'plain' | 'api' | 'background';
  readonly line: string;
  readonly headers: Readonly<Record<string, string>> | null;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NUMBER = /^\+?[1-9][0-9]{5,14}$/;
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const PROMPT_PATH = /^[\p{L}\p{N}_](?:[\p{L}\p{N} _./-]*[\p{L}\p{N}_-])?$/u;
const ABSOLUTE_PATH = /^\/[A-Za-z0-9_./-]+$/;
const CONTROL_CHARACTERS = /\p{Cc}/u;

/** A value that could change the meaning of a command. Nothing was sent. */
export class UnsafeValueError extends MinibotError {
  constructor(what: string, rule: string) {
    super('FREESWITCH_UNSAFE_VALUE', `${what} refused before it reached the switch: ${rule}`);
  }
}

function checked(value: string, pattern: RegExp, what: string, rule: string): string {
  if (!pattern.test(value)) throw new UnsafeValueError(what, rule);
  return value;
}

export function checkedUuid(value: string): string {
  return checked(value, UUID, 'channel UUID', 'it must be a UUID');
}

/** A gateway, mark or id: letters, digits, `_`, `.` and `-`. */
export function checkedName(value: string, what: string): string {
  return checked(value, NAME, what, '1 to 64 of the characters A-Z a-z 0-9 _ . -');
}

/** Digits as the switch dials them, without the `+` of E.164. */
export function dialledDigits(number: string): string {
  return checked(number, NUMBER, 'phone number', 'it must be E.164, e.g. +33199000012').replace('+', '');
}

export function isDiallable(number: string): boolean {
  return NUMBER.test(number);
}

/** Absolute path on the switch of a prompt; `audioPath` must stay inside `soundsDir`. */
export function promptPath(soundsDir: string, audioPath: string): string {
  const rule = 'a relative path of letters, digits, spaces and _ . - / without ".."';
  checked(audioPath, PROMPT_PATH, 'prompt path', rule);
  if (audioPath.split('/').some((part) => part === '..' || part === '.' || part === '')) {
    throw new UnsafeValueError('prompt path', rule);
  }
  return posix.join(checkedAbsolutePath(soundsDir, 'sounds directory'), audioPath);
}

export function checkedAbsolutePath(path: string, what: string): string {
  const rule = 'an absolute path of A-Z a-z 0-9 _ . - / without ".."';
  checked(path, ABSOLUTE_PATH, what, rule);
  if (path.split('/').includes('..')) throw new UnsafeValueError(what, rule);
  return path;
}

/** The last gate: a line break would start a second command. */
export function assertSingleLine(command: EslCommand): void {
  const texts = [command.line, ...Object.entries(command.headers ?? {}).flat()];
  if (texts.some((text) => CONTROL_CHARACTERS.test(text))) {
    throw new UnsafeValueError('command', 'control characters are not allowed');
  }
}

const plain = (line: string, headers: EslCommand['headers'] = null): EslCommand => ({
  kind: 'plain',
  line,
  headers,
});
const api = (line: string): EslCommand => ({ kind: 'api', line, headers: null });
const background = (line: string): EslCommand => ({ kind: 'background', line, headers: null });

export function subscribe(events: readonly string[], subclasses: readonly string[]): EslCommand {
  // Everything after CUSTOM is read as a subclass, so CUSTOM goes last.
  return plain(`event json ${events.join(' ')} CUSTOM ${subclasses.join(' ')}`);
}

/** Filters add up: an event comes when any of them matches. */
export function filter(header: string, value: string): EslCommand {
  return plain(`filter ${checkedName(header, 'filter header')} ${checkedName(value, 'filter value')}`);
}

export const killChannel = (uuid: string): EslCommand => api(`uuid_kill ${checkedUuid(uuid)}`);

export const channelExists = (uuid: string): EslCommand => api(`uuid_exists ${checkedUuid(uuid)}`);

export const dumpChannel = (uuid: string): EslCommand => api(`uuid_dump ${checkedUuid(uuid)} json`);

export const listChannels = (): EslCommand => background('show channels as json');

export const coreUuid = (): EslCommand => api('global_getvar core_uuid');

export const moduleExists = (name: string): EslCommand =>
  api(`module_exists ${checkedName(name, 'module name')}`);

export const gatewayStatus = (gateway: string): EslCommand =>
  api(`sofia status gateway ${checkedName(gateway, 'gateway name')}`);

export const switchVersion = (): EslCommand => api('version');

export const switchStatus = (): EslCommand => api('status');

export const isPaused = (): EslCommand => api('fsctl pause_check');

/** `true` for folders too. */
export const fileExists = (path: string): EslCommand =>
  api(`file_exists ${checkedAbsolutePath(path, 'path')}`);

/** Without arguments a command says how it is used, and does nothing. */
export const usageOf = (command: string): EslCommand => api(checkedName(command, 'command'));

/** Ends the playback that runs now; `everything` also drops those queued behind it, without a word about them. */
export const breakPlayback = (uuid: string, everything: boolean): EslCommand =>
  api(`uuid_break ${checkedUuid(uuid)}${everything ? ' all' : ''}`);

/** Pauses the file that plays now, or lets it go on: the switch knows only the toggle. */
export const togglePause = (uuid: string): EslCommand => api(`uuid_fileman ${checkedUuid(uuid)} pause`);

/** Queues a playback. `event-lock` keeps it from starting inside the one that runs. */
export function playFile(uuid: string, playbackId: string, argument: string): EslCommand {
  return plain(`sendmsg ${checkedUuid(uuid)}`, {
    'call-command': 'execute',
    'execute-app-name': 'playback',
    'execute-app-arg': argument,
    'event-lock': 'true',
    'Event-UUID': checkedName(playbackId, 'playback id'),
  });
}

export const ARGUMENT_PREFIX = '{minibot_playback=';

/**
 * The playback's file with its id in front. Both PLAYBACK events repeat this text, which tells two playings of one
 * file apart.
 */
export function playbackArgument(playbackId: string, path: string): string {
  return `${ARGUMENT_PREFIX}${checkedName(playbackId, 'playback id')}}${path}`;
}

export const startRecording = (uuid: string, path: string): EslCommand =>
  background(`uuid_record ${checkedUuid(uuid)} start ${checkedAbsolutePath(path, 'recording path')}`);

export interface OriginateParts {
  channelUuid: string;
  gateway: string;
  number: string;
  callerIdNumber: string | null;
  ringTimeoutMs: number;
  maxDurationMs: number;
  /** Readable from `show channels` and from every event of the channel. */
  mark: string;
}

/** Opens a channel that calls nobody and is answered at once. Refused by a switch without mod_loopback, whose endpoint it is. */
export function originateNull({
  channelUuid,
  mark,
  maxDurationMs,
}: Pick<OriginateParts, 'channelUuid' | 'mark' | 'maxDurationMs'>): EslCommand {
  const variables = [
    `origination_uuid=${checkedUuid(channelUuid)}`,
    `presence_data=${checkedName(mark, 'channel mark')}`,
    hangUpAfter(maxDurationMs),
  ];
  return background(`originate {${variables.join(',')}}null/minibot &park()`);
}

/** Dials and leaves the answered channel parked. */
export function originate(parts: OriginateParts): EslCommand {
  const callerId = parts.callerIdNumber === null ? null : dialledDigits(parts.callerIdNumber);
  const variables = [
    `origination_uuid=${checkedUuid(parts.channelUuid)}`,
    `originate_timeout=${wholeSeconds(parts.ringTimeoutMs)}`,
    // Otherwise a 183 counts as success and the callee is not there yet.
    'ignore_early_media=true',
    'media_bug_answer_req=true',
    // A parked channel sends no RTP: NAT bindings close and carriers hang up.
    'send_silence_when_idle=-1',
    // Otherwise a `*` from the callee's keypad ends the prompt.
    'playback_terminators=none',
    'RECORD_STEREO=true',
    `presence_data=${checkedName(parts.mark, 'channel mark')}`,
    hangUpAfter(parts.maxDurationMs),
    ...(callerId === null
      ? []
      : [`origination_caller_id_number=${callerId}`, `origination_caller_id_name=${callerId}`]),
  ];
  const target = `sofia/gateway/${checkedName(parts.gateway, 'gateway name')}/${dialledDigits(parts.number)}`;
  return background(`originate {${variables.join(',')}}${target} &park()`);
}

/** The switch ends the call even if this process dies. Quotes are for the word splitter and do not arrive. */
function hangUpAfter(maxDurationMs: number): string {
  return `execute_on_answer='sched_hangup +${wholeSeconds(maxDurationMs)} ALLOTTED_TIMEOUT'`;
}

function wholeSeconds(ms: number): number {
  if (!Number.isFinite(ms) || ms <= 0) throw new UnsafeValueError('duration', 'it must be a positive number');
  return Math.max(1, Math.ceil(ms / 1000));
}
