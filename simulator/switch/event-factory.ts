import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

import { nowMicros } from '../clock.ts';
import type { Header, SwitchEvent } from '../esl/events.ts';

/** Where in its source FreeSWITCH raises each event; clients see it in three headers. */
const ORIGINS: Record<string, readonly [file: string, fn: string, line: number]> = {
  BACKGROUND_JOB: ['mod_event_socket.c', 'api_exec', 1572],
  CHANNEL_CREATE: ['switch_core_state_machine.c', 'switch_core_session_run', 626],
  CHANNEL_PROGRESS: ['switch_channel.c', 'switch_channel_perform_mark_ring_ready_value', 3505],
  CHANNEL_PROGRESS_MEDIA: ['switch_channel.c', 'switch_channel_perform_mark_pre_answered', 3568],
  CHANNEL_ANSWER: ['switch_channel.c', 'switch_channel_perform_mark_answered', 3846],
  CHANNEL_EXECUTE: ['switch_core_session.c', 'switch_core_session_exec', 2944],
  CHANNEL_EXECUTE_COMPLETE: ['switch_core_session.c', 'switch_core_session_exec', 2967],
  CHANNEL_PARK: ['switch_ivr.c', 'switch_ivr_park', 1002],
  CHANNEL_UNPARK: ['switch_ivr.c', 'switch_ivr_park', 1213],
  CHANNEL_HANGUP: ['switch_channel.c', 'switch_channel_perform_hangup', 3445],
  CHANNEL_HANGUP_COMPLETE: ['switch_core_state_machine.c', 'switch_core_session_reporting_state', 943],
  CHANNEL_DESTROY: ['switch_core_session.c', 'switch_core_session_perform_destroy', 1584],
  PLAYBACK_START: ['switch_ivr_play_say.c', 'switch_ivr_play_file', 1646],
  PLAYBACK_STOP: ['switch_ivr_play_say.c', 'switch_ivr_play_file', 2020],
  RECORD_START: ['switch_ivr_async.c', 'record_callback', 1350],
  RECORD_STOP: ['switch_ivr_async.c', 'send_record_stop_event', 1210],
  MEDIA_BUG_START: ['switch_core_media_bug.c', 'switch_core_media_bug_add', 1014],
  MEDIA_BUG_STOP: ['switch_core_media_bug.c', 'switch_core_media_bug_destroy', 84],
  DTMF: ['switch_channel.c', 'switch_channel_dequeue_dtmf', 612],
  HEARTBEAT: ['switch_core.c', 'send_heartbeat', 92],
  SHUTDOWN: ['switch_core.c', 'switch_core_destroy', 3088],
};

/** Raises events with the headers that every event of one running switch shares. */
export class EventFactory {
  /** Another one for each life of the switch: how clients notice a restart. */
  readonly coreUuid = randomUUID();
  readonly #hostname = hostname();
  #sequence = 0;

  make(
    name: string,
    headers: readonly Header[],
    options: { subclass?: string; body?: string } = {},
  ): SwitchEvent {
    const subclass = options.subclass ?? null;
    return {
      name,
      subclass,
      headers: [
        ...(subclass === null ? [] : [['Event-Subclass', subclass] as const]),
        ...this.#common(name, subclass),
        ...headers,
      ],
      body: options.body ?? '',
    };
  }

  #common(name: string, subclass: string | null): Header[] {
    const micros = nowMicros();
    const now = new Date(micros / 1000);
    const module = subclass?.split('::')[0] ?? 'switch_core';
    const [file, fn, line] = ORIGINS[name] ?? [`${module}.c`, 'responseHandler', 16];
    return [
      ['Event-Name', name],
      ['Core-UUID', this.coreUuid],
      ['FreeSWITCH-Hostname', this.#hostname],
      ['FreeSWITCH-Switchname', this.#hostname],
      ['FreeSWITCH-IPv4', '127.0.0.1'],
      ['FreeSWITCH-IPv6', '::1'],
      ['Event-Date-Local', localStamp(now)],
      ['Event-Date-GMT', now.toUTCString()],
      ['Event-Date-Timestamp', String(micros)],
      ['Event-Calling-File', file],
      ['Event-Calling-Function', fn],
      ['Event-Calling-Line-Number', String(line)],
      ['Event-Sequence', String(++this.#sequence)],
    ];
  }
}

/** `2026-11-22 04:42:13` in local time. */
export function localStamp(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace('T', ' ');
}
