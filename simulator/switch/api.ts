import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';

import { plainHeaders } from '../esl/events.ts';
import { audioCommand } from './api-audio.ts';
import type { ApiContext } from './api-context.ts';
import { fsctl, show, sofia, status } from './api-status.ts';
import type { Call } from './call.ts';
import { causeNamed } from './causes.ts';
import { localStamp } from './event-factory.ts';
import { parseVariables, splitWords } from './words.ts';

type ApiCommand = (args: string, context: ApiContext) => string | Promise<string>;

const NO_CHANNEL = '-ERR No such channel!\n';
const NO_SESSION = '-ERR Cannot locate session!\n';
const OK = '+OK\n';

/** Runs one API command; what comes back is the response body, errors included. */
export async function runApi(command: string, args: string, context: ApiContext): Promise<string> {
  const run = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  return run === undefined ? `-ERR ${command} Command not found!\n` : run(args, context);
}

const COMMANDS: Record<string, ApiCommand> = {
  originate: (args, context) => context.switch.originate(args),
  create_uuid: () => randomUUID(),
  uuid_exists: (args, context) => String(context.switch.call(args) !== undefined),
  uuid_kill: (args, context) => {
    const [uuid, cause] = splitWords(args);
    if (uuid === undefined) return '-USAGE: <uuid> [cause]\n';
    return onCall(context, uuid, NO_CHANNEL, (call) => {
      call.hangUp(causeNamed(cause), 'caller');
      return OK;
    });
  },
  uuid_broadcast: (args, context) => {
    const [uuid, path] = splitWords(args);
    if (uuid === undefined || path === undefined) return '-USAGE: <uuid> <path> [aleg|bleg|holdb|both]\n';
    const application = /^(\w+)::(.*)$/.exec(path);
    return onCall(context, uuid, '-ERR invalid uuid\n', (call) => {
      call.player.enqueue({
        application: application?.[1] ?? 'playback',
        argument: application?.[2] ?? path,
        eventUuid: undefined,
        isLocked: true,
        source: 'broadcast',
      });
      return '+OK Message sent\n';
    });
  },
  uuid_break: (args, context) => {
    const [uuid, all] = splitWords(args);
    if (uuid === undefined) return '-USAGE: <uuid> [all]\n';
    return onCall(context, uuid, NO_CHANNEL, (call) => {
      call.player.break(all === 'all');
      return OK;
    });
  },
  uuid_fileman: (args, context) => {
    const [uuid, verb] = splitWords(args);
    if (uuid === undefined || verb === undefined) return '-USAGE: <uuid> <cmd>:<val>\n';
    return onCall(context, uuid, NO_CHANNEL, (call) => (call.player.control(verb) ? OK : '-ERR no reply\n'));
  },
  uuid_record: (args, context) => {
    const [uuid, verb, path, limit] = splitWords(args);
    if (uuid === undefined || verb === undefined || path === undefined) {
      return '-USAGE: <uuid> [start|stop|mask|unmask] <path> [<limit>] [<recording_vars>]\n';
    }
    return onCall(context, uuid, NO_SESSION, (call) => record(call, verb, path, limit));
  },
  uuid_setvar: (args, context) => {
    const [, uuid, name, value = ''] = /^(\S+)\s+(\S+)(?:\s(.*))?$/s.exec(args) ?? [];
    if (uuid === undefined || name === undefined) return '-USAGE: <uuid> <var> [value]\n';
    return onCall(context, uuid, NO_CHANNEL, (call) => {
      if (value === '') call.channel.variables.delete(name);
      else call.channel.variables.set(name, value);
      return OK;
    });
  },
  uuid_setvar_multi: (args, context) => {
    const [, uuid, list] = /^(\S+)\s+(.*)$/s.exec(args) ?? [];
    if (uuid === undefined || list === undefined) return '-USAGE: <uuid> <var>=<value>;<var>=<value>...\n';
    return onCall(context, uuid, NO_CHANNEL, (call) => {
      for (const [name, value] of parseVariables(`^^;${list}`)) call.channel.variables.set(name, value);
      return OK;
    });
  },
  uuid_getvar: (args, context) => {
    const [uuid, name] = splitWords(args);
    if (uuid === undefined || name === undefined) return '-USAGE: <uuid> <var>\n';
    return onCall(context, uuid, NO_CHANNEL, (call) => call.channel.variables.get(name) ?? '_undef_');
  },
  uuid_dump: (args, context) => {
    const [uuid = '', format] = splitWords(args);
    return onCall(context, uuid, NO_CHANNEL, (call) => {
      const { headers } = context.switch.events.make('CHANNEL_DATA', call.channel.headers());
      return format === 'json' ? JSON.stringify(Object.fromEntries(headers)) : `${plainHeaders(headers)}\n`;
    });
  },
  uuid_park: (args, context) => onCall(context, args, NO_CHANNEL, () => OK),
  uuid_send_dtmf: (args, context) => {
    const [uuid, digits = ''] = splitWords(args);
    return onCall(
      context,
      uuid ?? '',
      NO_SESSION,
      (call) => `+OK ${call.channel.uuid} sent DTMF ${digits}.\n`,
    );
  },
  uuid_recv_dtmf: (args, context) => {
    const [uuid, digits = ''] = splitWords(args);
    return onCall(context, uuid ?? '', NO_SESSION, (call) => {
      for (const digit of digits.split('@')[0] ?? '') call.receiveDigit(digit);
      return `+OK ${call.channel.uuid} received DTMF ${digits}.\n`;
    });
  },
  sched_hangup: (args, context) => {
    const [after, uuid, cause] = splitWords(args);
    if (after === undefined || uuid === undefined) return '-USAGE: [+]<time> <uuid> [<cause>]\n';
    return onCall(context, uuid, NO_CHANNEL, (call) => {
      const seconds = after.startsWith('+') ? Number(after.slice(1)) : Number(after) - Date.now() / 1000;
      call.scheduleHangUp(seconds, cause === undefined ? 'ALLOTTED_TIMEOUT' : causeNamed(cause));
      return OK;
    });
  },
  uuid_audio_stream: (args, context) => audioCommand('mod_audio_stream', args, context),
  uuid_audio_fork: (args, context) => audioCommand('mod_audio_fork', args, context),
  hupall: (args, context) => {
    const cause = args === '' ? 'MANAGER_REQUEST' : causeNamed(splitWords(args)[0]);
    context.switch.hangUpAll(cause);
    return `+OK hangup all channels with cause ${cause}\n`;
  },
  show: (args, context) => show(args, context.switch),
  status: (_args, context) => status(context.switch),
  sofia: (args, context) => sofia(args, context.switch),
  fsctl: (args, context) => fsctl(args, context),
  version: () => 'FreeSWITCH Version 1.10.12-release~64bit ( 64bit)\n',
  strftime: () => localStamp(new Date()),
  global_getvar: (args, context) => {
    if (args === 'core_uuid') return context.switch.events.coreUuid;
    return args === 'hostname' ? 'freeswitch' : '';
  },
  module_exists: (args) =>
    String(
      ['mod_audio_stream', 'mod_audio_fork', 'mod_sofia', 'mod_commands', 'mod_loopback'].includes(args),
    ),
  file_exists: (args) => (args === '' ? '-USAGE: <file>\n' : String(existsSync(args))),
};

function onCall(context: ApiContext, uuid: string, missing: string, run: (call: Call) => string): string {
  const call = context.switch.call(uuid);
  return call === undefined ? missing : run(call);
}

function record(call: Call, verb: string, path: string, limit: string | undefined): string {
  const ok = '+OK Success\n';
  switch (verb) {
    case 'start':
      return call.startRecording(path, limit === undefined ? null : Number(limit))
        ? ok
        : '-ERR Cannot record session!\n';
    case 'stop':
      return call.stopRecording(path) ? ok : '-ERR Cannot stop record session!\n';
    case 'mask':
    case 'unmask':
      return call.maskRecording(path, verb === 'mask') ? ok : `-ERR Cannot ${verb} record session!\n`;
    default:
      return '-USAGE: <uuid> [start|stop|mask|unmask] <path> [<limit>] [<recording_vars>]\n';
  }
}
