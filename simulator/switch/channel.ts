import { nowMicros } from '../clock.ts';
import type { Header } from '../esl/events.ts';
import { localStamp } from './event-factory.ts';
import { q850Of } from './causes.ts';

type ChannelState = 'CS_INIT' | 'CS_CONSUME_MEDIA' | 'CS_EXECUTE' | 'CS_HANGUP' | 'CS_REPORTING';

const STATE_NUMBERS: Record<ChannelState, number> = {
  CS_INIT: 2,
  CS_CONSUME_MEDIA: 7,
  CS_EXECUTE: 4,
  CS_HANGUP: 10,
  CS_REPORTING: 11,
};

/** What the switch knows of one channel, and how it writes that into event headers. No behaviour of its own. */
export class Channel {
  readonly uuid: string;
  readonly number: string;
  readonly #isNull: boolean;
  readonly createdMicros = nowMicros();
  readonly variables = new Map<string, string>();
  state: ChannelState = 'CS_INIT';
  callState: 'DOWN' | 'RINGING' | 'EARLY' | 'ACTIVE' | 'HANGUP' = 'DOWN';
  answerState: 'ringing' | 'early' | 'answered' | 'hangup' = 'ringing';
  /** Microseconds since the epoch, 0 = never, as the headers say it. */
  progressMicros = 0;
  progressMediaMicros = 0;
  answeredMicros = 0;
  hangupMicros = 0;
  hangupCause: string | null = null;
  /** CHANNEL_DESTROY reports one state further than the state's own number. */
  isDestroyed = false;
  #isRouted = false;
  #farEndHeard = false;

  constructor(options: {
    uuid: string;
    number: string;
    /** Null for a channel that calls nobody. */
    gateway: string | null;
    sessionId: number;
    variables: ReadonlyMap<string, string>;
  }) {
    this.uuid = options.uuid;
    this.number = options.number;
    this.#isNull = options.gateway === null;
    const { gateway } = options;
    const own: Header[] = [
      ['direction', 'outbound'],
      ['is_outbound', 'true'],
      ['uuid', options.uuid],
      ['call_uuid', options.uuid],
      ['session_id', String(options.sessionId)],
      ...(gateway === null
        ? [
            ['channel_name', this.name] as const,
            ...options.variables,
            ['originate_early_media', 'true'] as const,
            ['originate_endpoint', 'null'] as const,
          ]
        : sipVariables(gateway, options.number, this.name, options.variables)),
    ];
    for (const [name, value] of own) this.variables.set(name, value);
  }

  get name(): string {
    return this.#isNull ? `null/${this.number}` : `sofia/external/${this.number}`;
  }

  get isAnswered(): boolean {
    return this.answeredMicros > 0;
  }

  /** The far end has sent something: its address and the dialog's identity are known. */
  markFarEndHeard(): void {
    if (this.#farEndHeard || this.#isNull) return;
    this.#farEndHeard = true;
    const caller = this.#callerIdNumber();
    this.#set({
      sip_reply_host: '127.0.0.1',
      sip_reply_port: '5090',
      sip_network_ip: '127.0.0.1',
      sip_network_port: '5090',
      sip_user_agent: 'CalleeUA',
      sip_full_from: `<sip:${caller}@127.0.0.1>;tag=simulated`,
      sip_from_user: caller,
      sip_to_user: this.number,
      sip_to_uri: `${this.number}@127.0.0.1:5090`,
      sip_call_id: `${this.uuid.slice(9)}-simulated`,
    });
  }

  markAnswered(): void {
    this.answeredMicros = nowMicros();
    this.answerState = 'answered';
    const codec = this.#isNull ? 'L16' : 'PCMA';
    this.#set({ read_codec: codec, read_rate: '8000', write_codec: codec, write_rate: '8000' });
    if (!this.#isNull) this.#set({ remote_media_ip: '127.0.0.1' });
  }

  /** The originate is over; the channel now runs its application. Caller ID and called number change places. */
  markRouted(disposition: 'ANSWER' | 'EARLY MEDIA'): void {
    this.state = 'CS_EXECUTE';
    if (disposition === 'ANSWER') this.callState = 'ACTIVE';
    this.#isRouted = true;
    this.#set({
      endpoint_disposition: disposition,
      pre_transfer_caller_id_number: this.#callerIdNumber(),
      channel_cid_flipped: 'yes',
      call_uuid: this.uuid,
    });
  }

  /** The figures that only CHANNEL_HANGUP_COMPLETE and CHANNEL_DESTROY carry. */
  markReported(): void {
    const end = nowMicros();
    const cause = this.hangupCause ?? 'NORMAL_CLEARING';
    const since = (from: number, to: number): string =>
      String(from === 0 ? 0 : Math.max(0, Math.round((to - from) / 1000)));
    const seconds = (micros: number): string => String(Math.floor(micros / 1_000_000));
    this.state = 'CS_REPORTING';
    this.callState = 'HANGUP';
    if (this.hangupMicros === 0) this.hangupMicros = end;
    this.#set({
      hangup_cause: cause,
      hangup_cause_q850: String(q850Of(cause)),
      start_stamp: localStamp(new Date(this.createdMicros / 1000)),
      end_stamp: localStamp(new Date(end / 1000)),
      start_epoch: seconds(this.createdMicros),
      answer_epoch: seconds(this.answeredMicros),
      progress_epoch: seconds(this.progressMicros),
      end_epoch: seconds(end),
      duration: String(Math.round((end - this.createdMicros) / 1_000_000)),
      billsec: String(this.isAnswered ? Math.round((end - this.answeredMicros) / 1_000_000) : 0),
      mduration: since(this.createdMicros, end),
      billmsec: since(this.answeredMicros, end),
      progressmsec: this.progressMicros === 0 ? '0' : since(this.createdMicros, this.progressMicros),
      answermsec: this.isAnswered ? since(this.createdMicros, this.answeredMicros) : '0',
    });
  }

  /** State, caller profile and variables: the bulk of every channel event, in wire order. */
  headers(options: { variables: boolean } = { variables: true }): Header[] {
    const headers: Header[] = [
      ['Channel-State', this.state],
      ['Channel-Call-State', this.callState],
      ['Channel-State-Number', String(this.#stateNumber())],
      ['Channel-Name', this.name],
      ['Unique-ID', this.uuid],
      ['Call-Direction', 'outbound'],
      ['Presence-Call-Direction', 'outbound'],
      ['Channel-HIT-Dialplan', String(this.#isRouted)],
      ...this.#presenceData(),
      ['Channel-Call-UUID', this.uuid],
      ['Answer-State', this.answerState],
    ];
    if (this.hangupCause !== null) headers.push(['Hangup-Cause', this.hangupCause]);
    if (this.isAnswered) headers.push(...CODEC_HEADERS);
    headers.push(...this.#callerProfile());
    if (options.variables)
      for (const [name, value] of this.variables) headers.push([`variable_${name}`, value]);
    return headers;
  }

  #callerProfile(): Header[] {
    const caller = this.#callerIdNumber();
    const names: Header[] = this.#isRouted
      ? [
          ['Caller-Caller-ID-Name', this.number],
          ['Caller-Caller-ID-Number', this.number],
          ['Caller-Orig-Caller-ID-Number', caller],
          ['Caller-Callee-ID-Number', caller],
        ]
      : [
          ['Caller-Caller-ID-Number', caller],
          ['Caller-Orig-Caller-ID-Number', caller],
          ['Caller-Callee-ID-Name', this.#farEndHeard ? this.number : 'Outbound Call'],
          ['Caller-Callee-ID-Number', this.number],
        ];
    return [
      ['Caller-Direction', 'outbound'],
      ['Caller-Logical-Direction', 'outbound'],
      ...names,
      ...(this.#farEndHeard ? [['Caller-Network-Addr', '127.0.0.1'] as const] : []),
      ['Caller-ANI', caller],
      ['Caller-Destination-Number', this.number],
      ['Caller-Unique-ID', this.uuid],
      ['Caller-Source', 'src/switch_ivr_originate.c'],
      ['Caller-Context', 'default'],
      ['Caller-Channel-Name', this.name],
      ['Caller-Profile-Index', '1'],
      ['Caller-Profile-Created-Time', String(this.createdMicros)],
      ['Caller-Channel-Created-Time', String(this.createdMicros)],
      ['Caller-Channel-Answered-Time', String(this.answeredMicros)],
      ['Caller-Channel-Progress-Time', String(this.progressMicros)],
      ['Caller-Channel-Progress-Media-Time', String(this.progressMediaMicros)],
      ['Caller-Channel-Hangup-Time', String(this.hangupMicros)],
      ['Caller-Channel-Transfer-Time', '0'],
      ['Caller-Channel-Bridged-Time', '0'],
      ['Caller-Screen-Bit', 'true'],
    ];
  }

  /** The only variable that is in every event of a channel, DTMF included. */
  #presenceData(): Header[] {
    const data = this.variables.get('presence_data');
    return data === undefined ? [] : [['Channel-Presence-Data', data]];
  }

  #stateNumber(): number {
    if (this.isDestroyed) return 12;
    // From CHANNEL_HANGUP on the number is the next state's while the name is still the old one's.
    if (this.hangupCause !== null && this.state !== 'CS_REPORTING') return 10;
    return STATE_NUMBERS[this.state];
  }

  #callerIdNumber(): string {
    return this.variables.get('origination_caller_id_number') ?? '0000000000';
  }

  #set(variables: Record<string, string>): void {
    for (const [name, value] of Object.entries(variables)) this.variables.set(name, value);
  }
}

const CODEC_HEADERS: readonly Header[] = [
  ['Channel-Read-Codec-Name', 'PCMA'],
  ['Channel-Read-Codec-Rate', '8000'],
  ['Channel-Read-Codec-Bit-Rate', '64000'],
  ['Channel-Write-Codec-Name', 'PCMA'],
  ['Channel-Write-Codec-Rate', '8000'],
  ['Channel-Write-Codec-Bit-Rate', '64000'],
];

function sipVariables(
  gateway: string,
  number: string,
  channelName: string,
  given: ReadonlyMap<string, string>,
): Header[] {
  return [
    ['sip_gateway_name', gateway],
    ['sip_local_network_addr', '127.0.0.1'],
    ['sip_profile_name', 'gateway'],
    ['channel_name', channelName],
    ['sip_destination_url', `sip:${number}@127.0.0.1:5090`],
    ...given,
    ['originate_early_media', 'false'],
    ['originate_endpoint', 'sofia'],
    ['rtp_use_codec_string', 'PCMA,PCMU'],
    ['local_media_ip', '127.0.0.1'],
    ['sip_req_uri', `${number}@127.0.0.1:5090`],
    ['sip_to_host', '127.0.0.1:5090'],
    ['sip_from_host', '127.0.0.1'],
    ['sofia_profile_name', 'external'],
    ['sofia_profile_url', 'sip:mod_sofia@127.0.0.1:5060'],
  ];
}
