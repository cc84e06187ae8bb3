import { checkedUuid, UnsafeValueError } from './esl-commands.ts';
import type { EslCommand } from './esl-commands.ts';
import type { HeaderReader } from './esl-event.ts';

/** The switch's module that streams audio over WebSocket. */
export type AudioModuleName = 'audio_stream' | 'audio_fork';

/**
 * Proof that a channel was answered. Starting the stream on a channel that only rings kills the whole switch with all
 * its calls, so `AudioModule.start` takes this and nothing else, and only an answer makes one.
 */
export class AnsweredChannel {
  readonly uuid: string;
  readonly #proof = true;

  private constructor(uuid: string) {
    this.uuid = uuid;
  }

  /** From the headers of CHANNEL_ANSWER or of a channel dump; null when they do not say "answered". */
  static from(header: HeaderReader): AnsweredChannel | null {
    const uuid = header('Unique-ID');
    if (uuid === null || header('Answer-State') !== 'answered') return null;
    return new AnsweredChannel(checkedUuid(uuid));
  }

  /** Type check at run time, for callers without types. */
  static isProof(value: AnsweredChannel): boolean {
    return #proof in value && value.#proof;
  }
}

/** What an event of the module says of the stream. */
export type AudioModuleNews = { type: 'connected' } | { type: 'lost'; reason: string };

export interface AudioModule {
  /** As `module_exists` knows it. */
  readonly moduleName: string;
  /** Its API command. */
  readonly commandName: string;
  /** Event subclasses to subscribe to. */
  readonly eventSubclasses: readonly string[];
  /** WebSocket sub-protocol the module insists on. */
  readonly subprotocol: string | null;
  start(channel: AnsweredChannel, stream: { url: string; sampleRateHz: 8000 | 16000 }): EslCommand;
  stop(uuid: string): EslCommand;
  /** Null for events that change nothing. */
  read(subclass: string, body: string): AudioModuleNews | null;
}

/** The URL parser of the module takes these characters only. */
const STREAM_URL = /^wss?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?\/[A-Za-z0-9/_-]*$/;

function commandsOf(api: string): Pick<AudioModule, 'commandName' | 'start' | 'stop'> {
  return {
    commandName: api,
    start: (channel, { url, sampleRateHz }) => {
      if (!AnsweredChannel.isProof(channel))
        throw new UnsafeValueError('audio stream', 'the call is not answered');
      if (!STREAM_URL.test(url)) {
        throw new UnsafeValueError(
          'audio stream URL',
          'ws://host:port/path with a host name of A-Z a-z 0-9 . -',
        );
      }
      // The callee alone: frames then never stop, not even while nothing is played.
      const line = `${api} ${checkedUuid(channel.uuid)} start ${url} mono ${sampleRateHz / 1000}k`;
      return { kind: 'api', line, headers: null };
    },
    // In the background: it waits up to 1 s for the close handshake.
    stop: (uuid) => ({ kind: 'background', line: `${api} ${checkedUuid(uuid)} stop`, headers: null }),
  };
}

const AUDIO_STREAM: AudioModule = {
  ...commandsOf('uuid_audio_stream'),
  moduleName: 'mod_audio_stream',
  eventSubclasses: ['mod_audio_stream::connect', 'mod_audio_stream::disconnect', 'mod_audio_stream::error'],
  subprotocol: null,
  read: (subclass, body) => {
    switch (subclass) {
      case 'mod_audio_stream::connect':
        return { type: 'connected' };
      case 'mod_audio_stream::disconnect':
      case 'mod_audio_stream::error':
        return { type: 'lost', reason: `${subclass} ${body}`.trim() };
      default:
        return null;
    }
  },
};

const AUDIO_FORK: AudioModule = {
  ...commandsOf('uuid_audio_fork'),
  moduleName: 'mod_audio_fork',
  eventSubclasses: [
    'mod_audio_fork::connect',
    'mod_audio_fork::connect_failed',
    'mod_audio_fork::disconnect',
    'mod_audio_fork::error',
  ],
  subprotocol: 'audio.drachtio.org',
  read: (subclass, body) => {
    switch (subclass) {
      case 'mod_audio_fork::connect':
        return { type: 'connected' };
      case 'mod_audio_fork::connect_failed':
      case 'mod_audio_fork::disconnect':
      case 'mod_audio_fork::error':
        return { type: 'lost', reason: `${subclass} ${body}`.trim() };
      default:
        return null;
    }
  },
};

export function audioModule(name: AudioModuleName): AudioModule {
  return name === 'audio_stream' ? AUDIO_STREAM : AUDIO_FORK;
}
