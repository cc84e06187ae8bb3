import type { ApiContext } from './api-context.ts';
import { localStamp } from './event-factory.ts';
import type { Call } from './call.ts';
import type { Switch } from './switch.ts';

/** `show channels` reads a database that lags behind the calls. */
const DATABASE_LAG_MS = 100;

const RULE = '='.repeat(97);

/** `show channels|calls [count | as json]` */
export function show(args: string, theSwitch: Switch): string {
  const [what, form, format] = args.split(/\s+/);
  if (what !== 'channels' && what !== 'calls')
    return `-USAGE: codec|endpoint|application|api|…|channels|calls [count]|…\n`;
  const now = Date.now();
  const rows = theSwitch.calls
    .filter((call) => now - call.channel.createdMicros / 1000 >= DATABASE_LAG_MS)
    .map(row);
  if (form === 'count') return `\n${rows.length} total.\n`;
  if (form === 'as' && format === 'json') {
    return `${rows.length === 0 ? '{"row_count": 0}' : JSON.stringify({ row_count: rows.length, rows })}\n`;
  }
  const [first] = rows;
  const lines =
    first === undefined
      ? []
      : [Object.keys(first).join(','), ...rows.map((each) => Object.values(each).join(','))];
  return `${lines.join('\n')}\n${rows.length} total.\n`;
}

function row({ channel }: Call): Record<string, string> {
  return {
    uuid: channel.uuid,
    direction: 'outbound',
    created: localStamp(new Date(channel.createdMicros / 1000)),
    created_epoch: String(Math.floor(channel.createdMicros / 1_000_000)),
    name: channel.name,
    state: channel.state,
    cid_name: '',
    cid_num: channel.variables.get('origination_caller_id_number') ?? '0000000000',
    ip_addr: '',
    dest: channel.number,
    application: channel.variables.get('current_application') ?? '',
    application_data: channel.variables.get('current_application_data') ?? '',
    dialplan: '',
    context: 'default',
    read_codec: channel.isAnswered ? 'PCMA' : '',
    read_rate: channel.isAnswered ? '8000' : '',
    hostname: 'freeswitch',
    presence_data: channel.variables.get('presence_data') ?? '',
    callstate: channel.callState,
    call_uuid: '',
  };
}

/** `status` */
export function status(theSwitch: Switch): string {
  const { uptimeMs, calls, sessionsEver, peakSessions, maxSessions, maxSessionsPerSecond } = theSwitch;
  const seconds = Math.floor(uptimeMs / 1000);
  return [
    `UP 0 years, ${Math.floor(seconds / 86_400)} days, ${Math.floor(seconds / 3600) % 24} hours, ${Math.floor(seconds / 60) % 60} minutes, ${seconds % 60} seconds, ${Math.floor(uptimeMs % 1000)} milliseconds, 0 microseconds`,
    'FreeSWITCH (Version 1.10.12-release  64bit) is ready',
    `${sessionsEver} session(s) since startup`,
    `${calls.length} session(s) - peak ${peakSessions}, last 5min ${peakSessions} `,
    `0 session(s) per Sec out of max ${maxSessionsPerSecond}, peak 1, last 5min 1 `,
    `${maxSessions} session(s) max`,
    'min idle cpu 0.00/90.00',
    'Current Stack Size/Max 240K/8192K',
    '',
  ].join('\n');
}

/** `sofia status [gateway <name>]` */
export function sofia(args: string, theSwitch: Switch): string {
  const [, kind, name = ''] = args.split(/\s+/);
  if (kind !== 'gateway') {
    return `                     Name\t   Type\t                                      Data\tState\n${RULE}\n                 external\tprofile\t           sip:mod_sofia@127.0.0.1:5060\tRUNNING (0)\n${RULE}\n1 profile 0 aliases\n`;
  }
  const state = theSwitch.gateway(name);
  if (state === undefined) return 'Invalid Gateway!\n';
  const isDown = state === 'down';
  const fields: [string, string][] = [
    ['Name    ', name],
    ['Profile ', 'external'],
    ['Scheme  ', 'Digest'],
    ['Realm   ', '127.0.0.1'],
    ['Username', 'lab'],
    ['Password', 'yes'],
    ['Contact ', `<sip:gw+${name}@127.0.0.1:5060;transport=udp;gw=${name}>`],
    ['Proxy   ', 'sip:127.0.0.1:5090'],
    ['Context ', 'public'],
    ['Expires ', '3600'],
    ['Freq    ', '3600'],
    ['Ping    ', isDown ? String(Math.floor(Date.now() / 1000)) : '0'],
    ['PingFreq', isDown ? '5' : '0'],
    ['PingTime', '0.00'],
    ['PingState', '0/0/0'],
    ['State   ', 'NOREG'],
    ['Status  ', isDown ? 'DOWN (ping)' : 'UP'],
    ['Uptime  ', `${Math.floor(theSwitch.uptimeMs / 1000)}s`],
    ['CallsIN ', '0'],
    ['CallsOUT', String(theSwitch.sessionsEver)],
    ['FailedCallsIN', '0'],
    ['FailedCallsOUT', '0'],
  ];
  return `${RULE}\n${fields.map(([field, value]) => `${field}\t${value}`).join('\n')}\n${RULE}\n`;
}

/** `fsctl pause|resume|pause_check|max_sessions|sps|shutdown` */
export function fsctl(args: string, context: ApiContext): string {
  const [verb, value] = args.split(/\s+/);
  const theSwitch = context.switch;
  switch (verb) {
    case 'pause':
    case 'resume':
      theSwitch.isPaused = verb === 'pause';
      return '+OK\n';
    case 'pause_check':
      return String(theSwitch.isPaused);
    case 'max_sessions':
      if (Number(value) > 0) theSwitch.maxSessions = Number(value);
      return `+OK max sessions: ${theSwitch.maxSessions}\n`;
    case 'sps':
      if (Number(value) > 0) theSwitch.maxSessionsPerSecond = Number(value);
      return `+OK sessions per second: ${theSwitch.maxSessionsPerSecond}\n`;
    case 'shutdown':
      context.shutDown();
      return '+OK\n';
    default:
      return '-USAGE: [pause|resume|pause_check|max_sessions|sps|shutdown]\n';
  }
}
