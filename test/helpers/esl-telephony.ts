import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { AudioModuleName } from '../../src/call-engine/adapters/freeswitch/audio-modules.ts';
import {
  createFreeswitchTelephony,
  DEFAULT_FREESWITCH_TIMEOUTS,
  type FreeswitchTimeouts,
} from '../../src/call-engine/adapters/freeswitch/telephony.ts';
import type { CallLegEvent } from '../../src/call-engine/events.ts';
import type { CallLeg, OriginateRequest, Telephony } from '../../src/call-engine/ports.ts';

const WAIT_MS = 8000;

export interface TelephonyOverrides {
  host?: string;
  port: number;
  password: string;
  gateway?: string;
  soundsDir?: string;
  audioModule?: AudioModuleName;
  sampleRateHz?: 8000 | 16000;
  /** Where the switch is told to send the audio. */
  audioUrl?: string;
  timeouts?: Partial<FreeswitchTimeouts>;
}

/** The adapter with reconnects quick enough for a test. */
export function openTelephony(overrides: TelephonyOverrides): Telephony {
  return createFreeswitchTelephony(
    {
      esl: { host: overrides.host ?? '127.0.0.1', port: overrides.port, password: overrides.password },
      gateway: overrides.gateway ?? 'mygateway',
      soundsDir: overrides.soundsDir ?? '/sounds',
      channelMark: 'minibot-test',
      audio: {
        module: overrides.audioModule ?? 'audio_stream',
        listenHost: '127.0.0.1',
        listenPort: 0,
        advertisedUrl: overrides.audioUrl ?? null,
        sampleRateHz: overrides.sampleRateHz ?? 8000,
        maxStreams: 10,
      },
      timeouts: {
        ...DEFAULT_FREESWITCH_TIMEOUTS,
        reconnectMinMs: 20,
        reconnectMaxMs: 100,
        ...overrides.timeouts,
      },
    },
    pino({ level: 'silent' }),
  );
}

export type LegEventOf<T extends CallLegEvent['type']> = Extract<CallLegEvent, { type: T }>;

/** One call under test: what happened, and waiting for what shall happen. */
export class CallProbe {
  readonly channelUuid = randomUUID();
  /** Everything but the frames, in order. */
  readonly events: CallLegEvent[] = [];
  readonly frames: Int16Array[] = [];
  readonly leg: CallLeg;
  private readonly waiters = new Set<() => void>();

  constructor(telephony: Telephony, request: Partial<Omit<OriginateRequest, 'onEvent'>> = {}) {
    this.leg = telephony.originate({
      channelUuid: this.channelUuid,
      number: '+33199000102',
      callerIdNumber: null,
      ringTimeoutMs: 5000,
      maxDurationMs: 60_000,
      ...request,
      onEvent: (event) => {
        if (event.type === 'audio-frame') this.frames.push(event.samples);
        else this.events.push(event);
        for (const waiter of [...this.waiters]) waiter();
      },
    });
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  all<T extends CallLegEvent['type']>(type: T): LegEventOf<T>[] {
    return this.events.filter((event): event is LegEventOf<T> => event.type === type);
  }

  /** Resolves with the `count`-th event of this type. */
  async event<T extends CallLegEvent['type']>(type: T, count = 1): Promise<LegEventOf<T>> {
    await this.until(() => this.all(type).length >= count, `${type} number ${count}`);
    const event = this.all(type)[count - 1];
    if (event === undefined) throw new Error('unreachable');
    return event;
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.waiters.delete(check);
        reject(new Error(`no ${what} within ${WAIT_MS} ms; got ${JSON.stringify(this.events)}`));
      }, WAIT_MS);
      const check = (): void => {
        if (!condition()) return;
        clearTimeout(deadline);
        this.waiters.delete(check);
        resolve();
      };
      this.waiters.add(check);
    });
  }

  async ended(): Promise<LegEventOf<'leg-ended'>> {
    return this.event('leg-ended');
  }
}
