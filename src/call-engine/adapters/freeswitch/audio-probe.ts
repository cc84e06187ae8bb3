import { randomUUID } from 'node:crypto';
import { withDeadline } from '../../../deadline.ts';
import type { AudioReach } from '../../ports.ts';
import { AnsweredChannel } from './audio-modules.ts';
import { dumpChannel, killChannel, originateNull } from './esl-commands.ts';
import { headersOfJson } from './esl-event.ts';
import type { EslEvent } from './esl-event.ts';
import type { LegLink, LegOptions } from './leg.ts';
import { LegAudio } from './leg-audio.ts';

/** The switch itself ends the channel after this, even if this process dies. */
const MAX_DURATION_MS = 10_000;
/** Beyond the audio's own deadline: only for a link that breaks meanwhile. */
const SPARE_MS = 1000;

/** One try whether audio arrives from the switch, on a channel of its own that calls nobody. */
export class AudioProbe {
  readonly channelUuid: string = randomUUID();
  private readonly audio: LegAudio;
  private readonly outcome: Promise<AudioReach>;
  private settle: (reach: AudioReach) => void = () => undefined;

  constructor(
    private readonly options: Pick<LegOptions, 'mark' | 'audio' | 'timeouts'>,
    private readonly link: LegLink,
  ) {
    const { jobMs } = options.timeouts;
    this.outcome = new Promise((resolve) => {
      this.settle = resolve;
    });
    this.audio = new LegAudio(options.audio, {
      send: (command) => link.send(command),
      run: (command) => link.run(command, { deadlineMs: jobMs }),
      onStarted: () => this.settle({ result: 'arrives', reason: null }),
      onFrame: () => undefined,
      onLost: (reason) => this.settle({ result: 'missing', reason }),
    });
  }

  onEvent(event: EslEvent): void {
    if (event.name === 'CUSTOM') this.audio.onEvent(event);
  }

  /** Rejects when the switch cannot be asked. Call it once. */
  async run(): Promise<AudioReach> {
    const { channelUuid, link } = this;
    const { audio, mark, timeouts } = this.options;
    const reply = await link.run(originateNull({ channelUuid, mark, maxDurationMs: MAX_DURATION_MS }), {
      deadlineMs: timeouts.jobMs,
    });
    if (!reply.startsWith('+OK')) return { result: 'untried', reason: reply.trim() };
    try {
      const header = headersOfJson(await link.send(dumpChannel(channelUuid)));
      const channel = header === null ? null : AnsweredChannel.from(header);
      if (channel === null) return { result: 'untried', reason: 'the channel is not answered' };
      this.audio.onAnswered(channel);
      this.audio.start();
      return await withDeadline(this.outcome, audio.connectTimeoutMs + SPARE_MS, 'the try of the audio');
    } finally {
      this.audio.close();
      await link.send(killChannel(channelUuid));
    }
  }
}
