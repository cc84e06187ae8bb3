import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';

import type { CaptureRecord, Message } from './capture.ts';
import { parseMessage, readCapture } from './capture.ts';
import { startSimulator, TestClient, writeSilence } from './running-simulator.ts';

/** Lengths of the lab's sounds, of which only the names are in the captures. */
const SOUNDS: Record<string, number> = {
  'callee-hello-fr.wav': 735,
  'callee hello fr.wav': 735,
  'callee-short-fr.wav': 1298,
  'agent-prompt-fr.wav': 2400,
  'callee-speech-fr.wav': 3000,
  'agent-long-fr.wav': 3000,
};

/** Headers in which simulator and FreeSWITCH must agree, besides the event's name. */
const COMPARED =
  `Event-Subclass Channel-State Channel-Call-State Channel-State-Number Channel-Name Unique-ID Channel-HIT-Dialplan
  Answer-State Hangup-Cause Caller-Caller-ID-Number Caller-Destination-Number Application Application-Data Application-Response
  Playback-File-Path Playback-Status utterance_id turn Media-Bug-Function Record-File-Path Record-Completion-Cause DTMF-Digit
  Job-Command variable_sip_term_status variable_sip_hangup_disposition variable_sip_invite_failure_status variable_hangup_cause
  variable_hangup_cause_q850 variable_endpoint_disposition variable_current_application`.split(/\s+/);

/** Of these only matters whether they are set. */
const COMPARED_AS_SET = ['Answered', 'Progress', 'Progress-Media', 'Hangup'].map(
  (what) => `Caller-Channel-${what}-Time`,
);

/** Raised by FreeSWITCH and of no interest to a caller. */
const NOT_SIMULATED = new Set(
  'CHANNEL_OUTGOING CHANNEL_STATE CHANNEL_ORIGINATE CODEC CHANNEL_CALLSTATE CALL_UPDATE API'.split(' '),
);

/** Captures from which the channels' events were left out. */
const WITHOUT_EVENTS = new Set(['originate-variables-quoting.txt']);

/** Commands whose answer is about the recording machine itself. */
const OWN_ANSWER =
  /^(api status|api sofia status (profile|gateway mygateway)|api strftime|api uuid_getvar \S+ sip_(call_id|full_from))/;

const CAPTURES = [
  'auth-accepted-then-exit.txt',
  'auth-command-before-auth.txt',
  'auth-crlf-line-endings.txt',
  'auth-userauth-unknown-user.txt',
  'auth-wrong-password.txt',
  'command-split-over-two-writes.txt',
  'commands-pipelined-in-one-write.txt',
  'event-subscriptions-filters.txt',
  'api-errors-and-plain-replies.plain.txt',
  'api-on-a-live-call.plain.txt',
  'api-originate-blocking.txt',
  'cancel-while-ringing-uuid_kill.plain.txt',
  'cancel-while-ringing-uuid_kill-with-cause.plain.txt',
  'dtmf-received-and-sent.plain.txt',
  'event-ALL-one-short-call.txt',
  'myevents-one-call-ends.txt',
  'originate-01-answered-callee-speaks-then-hangs-up.plain.txt',
  'originate-01-answered-callee-speaks-then-hangs-up.json.txt',
  'originate-02-answered-callee-silent-then-uuid_kill.plain.txt',
  'originate-02-answered-callee-silent-then-uuid_kill.json.txt',
  'originate-03-busy-486.plain.txt',
  'originate-03-busy-486.json.txt',
  'originate-04-no-answer-originate_timeout-5s.plain.txt',
  'originate-05-unallocated-404.plain.txt',
  'originate-06-service-unavailable-503.plain.txt',
  'originate-08-callee-hangs-up-2s-after-answer.plain.txt',
  'originate-09-gateway-does-not-exist.plain.txt',
  'originate-09-gateway-does-not-exist.json.txt',
  'originate-10-declined-603.plain.txt',
  'originate-11-early-media-183-then-answer-ignore_early_media.plain.txt',
  'originate-11-early-media-183-then-answer-no-ignore_early_media.plain.txt',
  'originate-13-unavailable-480.plain.txt',
  'originate-14-server-error-500.plain.txt',
  'originate-15-forbidden-403.plain.txt',
  'originate-17-timeout-408.plain.txt',
  'originate-18-not-acceptable-488.plain.txt',
  'originate-19-rings-2s-then-busy-486.plain.txt',
  'originate-20-busy-486-with-reason-header.plain.txt',
  'originate-25-rings-2s-then-declined-603.plain.txt',
  'originate-26-gone-410.plain.txt',
  'originate-27-congestion-503-with-reason-34.plain.txt',
  'originate-30-gateway-port-closed.plain.txt',
  'originate-31-gateway-marked-down.plain.txt',
  'originate-32-gateway-never-replies-originate_timeout-5s.plain.txt',
  'originate-uuid-already-in-use.plain.txt',
  'originate-variables-quoting.txt',
  'originate-with-playback-app-instead-of-park.plain.txt',
  'playback-cut-by-callee-hangup.plain.txt',
  'playback-cut-by-uuid_kill.plain.txt',
  'playback-edge-cases.plain.txt',
  'playback-natural-end-then-uuid_break.plain.txt',
  'playback-natural-end-then-uuid_break.json.txt',
  'playback-queued-broadcasts-and-breaks.plain.txt',
  'playback-sendmsg-while-playing-nested-or-event-lock.plain.txt',
  'playback-started-at-CHANNEL_ANSWER-before-park.plain.txt',
  'playback-uuid_break-races-with-uuid_broadcast.plain.txt',
  'playback-with-sendmsg-execute.plain.txt',
  'uuid_record-start-stop.plain.txt',
  'audio_stream-8k-mono-callee-speaks-then-hangs-up.json.txt',
  'audio_stream-8k-mono-callee-speaks-then-hangs-up.plain.txt',
  'audio_stream-start-on-early-media.plain.txt',
  'audio_stream-start-while-ringing-crashes-freeswitch.plain.txt',
  'audio_fork-start-while-ringing-crashes-freeswitch.plain.txt',
];

describe('replaying what a client sent to FreeSWITCH', () => {
  it.concurrent.each(CAPTURES.map((name) => [name]))(
    '%s',
    // The break races are recorded within milliseconds: a machine that stalls just then may have another go.
    { retry: 2, timeout: 40_000 },
    async (name) => {
      const capture = readCapture(name);
      const chosen = capture.map((each) => (each.side === 'client' ? each.text : '')).join('');
      const withoutEvents = WITHOUT_EVENTS.has(name);
      const { received, ownAnswers, restore } = await perform(
        capture,
        withoutEvents,
        name.includes('cut-by-callee') ? 0.6 : 0.1,
      );
      const recorded = capture
        .filter((each) => each.side === 'switch')
        .map((each) => parseMessage(each.text));
      const compared = (messages: Message[]): { replies: string[]; events: string[][] } => ({
        replies: messages
          .filter((message) => message.kind === 'reply')
          .map((message, index) => (ownAnswers.has(index) ? '(own)' : normal(restore(message.text), chosen))),
        events: lanes(messages, withoutEvents).map((lane) =>
          lane.map((each) => normal(restore(each), chosen)),
        ),
      });
      expect(compared(received)).toEqual(compared(recorded));
    },
  );
});

/** Starts a switch and a media server, plays the client's part, and clears everything away. */
async function perform(
  capture: CaptureRecord[],
  withoutEvents: boolean,
  timeScale: number,
): Promise<{ received: Message[]; ownAnswers: Set<number>; restore: (text: string) => string }> {
  const dir = mkdtempSync(join(tmpdir(), 'sounds-'));
  for (const [name, ms] of Object.entries(SOUNDS)) writeSilence(join(dir, name), ms);
  const media = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  const running = await startSimulator({ timeScale });
  const client = new TestClient(running.port);
  const rewrite = (text: string): string =>
    text
      .replaceAll('/usr/local/freeswitch/sounds', dir)
      .replaceAll('/usr/local/freeswitch/recordings', dir)
      .replaceAll('127.0.0.1:18090', `127.0.0.1:${portOf(media)}`)
      .replaceAll('originate_timeout=5,', 'originate_timeout=1,')
      .replace(
        /content-length: \d+\n\n(\S+)/,
        (_, body: string) => `content-length: ${Buffer.byteLength(body)}\n\n${body}`,
      );
  try {
    const ownAnswers = await replay(capture, client, rewrite, withoutEvents);
    const restore = (text: string): string =>
      text
        .replaceAll(dir, '/usr/local/freeswitch/sounds')
        .replaceAll('/usr/local/freeswitch/recordings', '/usr/local/freeswitch/sounds');
    return { received: client.messages, ownAnswers, restore };
  } finally {
    client.close();
    await running.close();
    await new Promise((resolve) => media.close(resolve));
    rmSync(dir, { recursive: true, force: true });
  }
}

function portOf(server: WebSocketServer): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}

/** Sends what the client sent, each time once everything recorded before it has come; returns which answers are the switch's own. */
async function replay(
  capture: CaptureRecord[],
  client: TestClient,
  rewrite: (text: string) => string,
  withoutEvents: boolean,
): Promise<Set<number>> {
  const ownAnswers = new Set<number>();
  let due = 0;
  let replies = 0;
  let previous: CaptureRecord | null = null;
  const awaitDue = (): Promise<unknown> =>
    client.until(
      `message ${due}`,
      () => client.isClosed || simulated(client.messages, withoutEvents).length >= due,
      8000,
    );
  for (const record of capture) {
    if (record.side === 'switch') {
      const message = parseMessage(record.text);
      due += simulated([message], withoutEvents).length;
      if (message.kind === 'reply') replies++;
    } else {
      await awaitDue();
      if (OWN_ANSWER.test(record.text)) ownAnswers.add(replies);
      // The recorded client's own hesitation: the break races are about it.
      if (previous !== null) await pause(Math.min(60, record.atMs - previous.atMs));
      if (!client.isClosed) client.send(rewrite(record.text));
    }
    previous = record;
  }
  await awaitDue();
  return ownAnswers;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function simulated(messages: Message[], withoutEvents: boolean): Message[] {
  return messages.filter((message) => {
    if (message.kind === 'reply') return true;
    return withoutEvents ? message.name === 'BACKGROUND_JOB' : !NOT_SIMULATED.has(message.name);
  });
}

/** Events as comparable lines. Media bugs run on threads of their own: their order against the rest varies. */
function lanes(messages: Message[], withoutEvents: boolean): string[][] {
  const events = simulated(messages, withoutEvents).filter((message) => message.kind === 'event');
  const isBug = (event: Message & { kind: 'event' }): boolean =>
    /^(CUSTOM|MEDIA_BUG_START)$/.test(event.name);
  const bugLine = (event: Message & { kind: 'event' }): string => {
    return (
      ['Event-Subclass', 'Unique-ID', 'Answer-State', 'Media-Bug-Function']
        .map((name) => event.headers.get(name))
        .join(' ') + event.body
    );
  };
  return [events.filter((event) => !isBug(event)).map(line), events.filter(isBug).map(bugLine)];
}

function line(event: Message & { kind: 'event' }): string {
  const headers = COMPARED.filter((name) => event.headers.has(name)).map(
    (name) => `${name}=${event.headers.get(name) ?? ''}`,
  );
  const times = COMPARED_AS_SET.filter((name) => event.headers.has(name)).map((name) => {
    return `${name}${event.headers.get(name) === '0' ? '=0' : '≠0'}`;
  });
  return [event.name, ...headers, ...times, event.body].join(' ');
}

/** What differs from run to run: UUIDs that the switch, not the client, has chosen. */
function normal(text: string, chosen: string): string {
  return text
    .replace(/Job-UUID: (\S+)/, (_, id: string) => `Job-UUID: ${chosen.includes(id) ? id : 'new'}`)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) =>
      chosen.includes(id) ? id : 'new',
    );
}
