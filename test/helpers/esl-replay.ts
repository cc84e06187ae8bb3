import { captureEvent, readCapture } from './esl-capture.ts';
import type { EslServer, ReceivedCommand } from './esl-server.ts';

/** What of the capture's client corresponds to what the adapter sends. Other commands of the capture are left out. */
const COUNTERPARTS: readonly [captured: RegExp, ours: RegExp][] = [
  [/^(?:bgapi|api) originate /, /^bgapi originate /],
  [/^api uuid_kill /, /^api uuid_kill /],
  [/^api uuid_break /, /^api uuid_break /],
  [/^api uuid_fileman \S+ pause/, /^api uuid_fileman /],
  [/^api uuid_audio_(?:stream|fork) \S+ start /, /^api uuid_audio_(?:stream|fork) \S+ start /],
  [/^api uuid_broadcast \S+ [/{]/, /^sendmsg /],
  [/^sendmsg /, /^sendmsg /],
];

type Step =
  { type: 'event'; headers: Record<string, string> } | { type: 'await'; pattern: RegExp; text: string };

/**
 * Plays the switch's side of a capture to the adapter: its events in their order, each after the command that it
 * answers. Ids of channel, job and playback are replaced by the adapter's own.
 */
export class CaptureReplay {
  private readonly steps: Step[];
  private readonly replacements = new Map<string, string>();
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly server: EslServer,
    file: string,
  ) {
    this.steps = stepsOf(file);
  }

  /** Plays on until the capture is over. */
  async run(): Promise<void> {
    for (const step of this.steps) {
      if (step.type === 'await') await this.meet(step);
      else this.server.emitJson(this.translate(JSON.stringify(step.headers)));
    }
  }

  private async meet({ pattern, text }: { pattern: RegExp; text: string }): Promise<void> {
    const count = (this.seen.get(String(pattern)) ?? 0) + 1;
    this.seen.set(String(pattern), count);
    const ours = await this.server.command(pattern, count);
    if (text.includes(' originate ')) this.learnCall(text, ours);
    if (ours.line.startsWith('sendmsg')) this.learnPlayback(text, ours);
  }

  private learnCall(captured: string, ours: ReceivedCommand): void {
    this.replace(
      /origination_uuid=([0-9a-f-]{36})/.exec(captured)?.[1],
      /origination_uuid=([0-9a-f-]{36})/.exec(ours.line)?.[1],
    );
    const job = this.steps.find(
      (step) => step.type === 'event' && step.headers['Event-Name'] === 'BACKGROUND_JOB',
    );
    if (job?.type === 'event') this.replace(job.headers['Job-UUID'], ours.headers.get('Job-UUID'));
  }

  private learnPlayback(captured: string, ours: ReceivedCommand): void {
    const path = /(?:execute-app-arg: |uuid_broadcast \S+ |\n\n)(\S+)/.exec(captured)?.[1];
    this.replace(path, ours.headers.get('execute-app-arg'));
    this.replace(/event-uuid: (\S+)/.exec(captured)?.[1], ours.headers.get('Event-UUID'));
  }

  private replace(captured: string | undefined, ours: string | undefined): void {
    if (captured !== undefined && ours !== undefined) this.replacements.set(captured, ours);
  }

  private translate(json: string): string {
    let text = json;
    for (const [captured, ours] of this.replacements) text = text.replaceAll(`"${captured}`, `"${ours}`);
    for (const [captured, ours] of this.replacements) text = text.replaceAll(`OK ${captured}`, `OK ${ours}`);
    return text;
  }
}

function stepsOf(file: string): Step[] {
  const steps: Step[] = [];
  let hasDialled = false;
  for (const record of readCapture(file)) {
    if (record.from === 'switch') {
      const headers = captureEvent(record);
      if (headers !== null && hasDialled) steps.push({ type: 'event', headers });
      continue;
    }
    const text = record.bytes.toString('utf8');
    const counterpart = COUNTERPARTS.find(([captured]) => captured.test(text));
    if (counterpart === undefined) continue;
    hasDialled ||= text.includes(' originate ');
    steps.push({ type: 'await', pattern: counterpart[1], text });
  }
  return steps;
}
