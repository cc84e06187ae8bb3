import type { EventFormat, SwitchEvent } from './events.ts';
import { headerValue } from './events.ts';

/** Names that FreeSWITCH knows and that this switch raises, or that a client may well ask for. */
const EVENT_NAMES = new Set(
  `ALL CUSTOM BACKGROUND_JOB HEARTBEAT SHUTDOWN DTMF DETECTED_TONE API CODEC CALL_UPDATE CHANNEL_CREATE CHANNEL_OUTGOING
  CHANNEL_ORIGINATE CHANNEL_STATE CHANNEL_CALLSTATE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_ANSWER CHANNEL_PARK
  CHANNEL_UNPARK CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE CHANNEL_BRIDGE CHANNEL_UNBRIDGE CHANNEL_HANGUP
  CHANNEL_HANGUP_COMPLETE CHANNEL_DESTROY CHANNEL_DATA PLAYBACK_START PLAYBACK_STOP RECORD_START RECORD_STOP
  MEDIA_BUG_START MEDIA_BUG_STOP`.split(/\s+/),
);

/** What one client wants to hear. */
export class Subscriptions {
  format: EventFormat = 'plain';
  readonly #names = new Set<string>();
  readonly #subclasses = new Set<string>();
  readonly #filters: { header: string; value: string }[] = [];
  #onlyChannel: string | null = null;

  /** `event <format> NAME… [CUSTOM subclass…]`: returns the reply text. Everything after CUSTOM is a subclass. */
  add(words: string[]): string {
    const [first, ...rest] = words;
    const isFormat = first === 'plain' || first === 'json';
    const added = parseNames(isFormat ? rest : words);
    if (added.names.length === 0) return '-ERR no keywords supplied';
    this.format = first === 'json' ? 'json' : 'plain';
    for (const name of added.names) this.#names.add(name);
    for (const subclass of added.subclasses) this.#subclasses.add(subclass);
    return `+OK event listener enabled ${this.format}`;
  }

  /** `nixevent NAME…` */
  remove(words: string[]): string {
    const removed = parseNames(words);
    if (removed.names.length === 0) return '-ERR no keywords supplied';
    for (const name of removed.names) {
      if (name !== 'CUSTOM' || removed.subclasses.length === 0) this.#names.delete(name);
    }
    for (const subclass of removed.subclasses) this.#subclasses.delete(subclass);
    return '+OK events nixed';
  }

  /** `noevents` */
  clear(): string {
    this.#names.clear();
    this.#subclasses.clear();
    return '+OK no longer listening for events';
  }

  /** `filter <header> <value>` and `filter delete <header> [value]`; several filters are alternatives. */
  filter(words: string[]): string {
    const [verb, ...rest] = words;
    if (verb === 'delete') return this.#deleteFilter(rest);
    const value = rest.join(' ');
    if (verb === undefined || value === '') return '-ERR invalid syntax';
    this.#filters.push({ header: verb, value });
    return `+OK filter added. [${verb}]=[${value}]`;
  }

  /** `myevents <uuid>`: every event of this channel and no other. */
  followChannel(uuid: string): void {
    this.#names.add('ALL');
    this.#onlyChannel = uuid;
  }

  get followedChannel(): string | null {
    return this.#onlyChannel;
  }

  wants(event: SwitchEvent): boolean {
    if (this.#onlyChannel !== null && headerValue(event, 'Unique-ID') !== this.#onlyChannel) return false;
    if (!this.#isSubscribed(event)) return false;
    return (
      this.#filters.length === 0 ||
      this.#filters.some(({ header, value }) => matches(headerValue(event, header), value))
    );
  }

  #isSubscribed(event: SwitchEvent): boolean {
    if (this.#names.has('ALL')) return true;
    if (!this.#names.has(event.name)) return false;
    return event.name !== 'CUSTOM' || (event.subclass !== null && this.#subclasses.has(event.subclass));
  }

  #deleteFilter([header = '', ...rest]: string[]): string {
    const value = rest.join(' ');
    const kept = this.#filters.filter(
      (filter) => header !== 'all' && (filter.header !== header || (value !== '' && filter.value !== value)),
    );
    this.#filters.splice(0, this.#filters.length, ...kept);
    return `+OK filter deleted. [${header}]${value === '' ? '' : `[${value}]`}`;
  }
}

function parseNames(words: string[]): { names: string[]; subclasses: string[] } {
  const custom = words.indexOf('CUSTOM');
  const named = custom === -1 ? words : words.slice(0, custom + 1);
  return {
    names: named.map((word) => word.toUpperCase()).filter((word) => EVENT_NAMES.has(word)),
    subclasses: custom === -1 ? [] : words.slice(custom + 1),
  };
}

function matches(actual: string | undefined, wanted: string): boolean {
  if (actual === undefined) return false;
  const regex = /^\/(.*)\/$/.exec(wanted)?.[1];
  return regex === undefined ? actual.toLowerCase() === wanted.toLowerCase() : new RegExp(regex).test(actual);
}
