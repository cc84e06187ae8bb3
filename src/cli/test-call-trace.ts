import type { Config } from '../config.ts';
import { maskPhoneNumber } from '../masking.ts';
import type { TestCallEvent } from '../workers/test-call.ts';
import { formatDecimal, formatNumber } from './format.ts';
import type { Messages } from './language.ts';
import type { Terminal } from './terminal.ts';
import { visible } from './visible.ts';

export interface TraceOptions {
  /** E.164; shown masked. */
  phone: string;
  scenario: string;
  targets: Config['latencyTargets'];
}

type Turn = Extract<TestCallEvent, { type: 'turn-taken' }>['turn'];

const CLEAR_LINE = '\r\u001b[2K';
const DEFAULT_COLUMNS = 80;
const LATENCIES = [
  ['barge_in', 'bargeInMs'],
  ['asr', 'asrMs'],
  ['intent', 'intentMs'],
  ['total', 'totalMs'],
] as const;

/** Writes what happens in a call, a line for each event; on a terminal, words that are being understood change in place. */
export class TestCallTrace {
  private readonly toldTurns = new Set<number>();
  private isPartialShown = false;

  constructor(
    private readonly terminal: Terminal,
    private readonly messages: Messages,
    private readonly options: TraceOptions,
  ) {}

  tell(event: TestCallEvent): void {
    for (const text of this.linesOf(event)) this.write(event.atMs, text);
    if (event.type === 'partial-heard') this.showPartial(event.atMs, event.text);
  }

  /** Takes unfinished words off the screen. */
  close(): void {
    if (this.isPartialShown) this.terminal.stdout.write(CLEAR_LINE);
    this.isPartialShown = false;
  }

  private linesOf(event: TestCallEvent): string[] {
    const { testCall: texts } = this.messages.live;
    switch (event.type) {
      case 'opening':
        return [texts.opening];
      case 'waiting-for-line':
        return [texts.waitingForLine];
      case 'dialling':
        return [
          texts.dialling(maskPhoneNumber(this.options.phone), visible(this.options.scenario)),
          texts.callId(event.callId),
        ];
      case 'created':
        return [texts.created];
      case 'ringing':
        return [texts.ringing];
      case 'answered':
        return [texts.answered];
      case 'amd-decided':
        return [texts.amd(event.amd.result, visible(event.amd.reason), this.seconds(event.amd.afterMs))];
      case 'step-entered':
        return [texts.step(visible(event.step))];
      case 'prompt-played':
        return [this.promptLine(event.prompt)];
      case 'speech-heard':
        return [this.speechLine(event.speech)];
      case 'turn-taken':
        return this.turnLines(event.turn);
      case 'message-left':
        return [texts.messageLeft(this.seconds(event.message.playedMs), event.message.completed)];
      case 'recording-started':
        return [texts.recording(visible(event.path))];
      case 'recording-failed':
        return [texts.recordingFailed(visible(event.problem))];
      case 'partial-heard':
        return [];
    }
  }

  private promptLine({ text, endedMs, heardMs, completed }: PromptEvent['prompt']): string {
    const { testCall: texts } = this.messages.live;
    if (endedMs === null) return texts.promptStarted(visible(text));
    return completed ? texts.promptEnded(this.seconds(heardMs)) : texts.promptCut(this.seconds(heardMs));
  }

  private speechLine({ text, confidence }: SpeechEvent['speech']): string {
    const { testCall: texts } = this.messages.live;
    if (text === '') return texts.heardNothing;
    return texts.heard(visible(text), confidence === null ? this.messages.none : confidence.toFixed(2));
  }

  /** A turn is told again as its latencies become known. */
  private turnLines(turn: Turn): string[] {
    const { testCall: texts } = this.messages.live;
    const { turnNumber, latencies } = turn;
    if (!this.toldTurns.has(turnNumber)) {
      this.toldTurns.add(turnNumber);
      const parts = [
        texts.turn(turnNumber, turn.intent, turn.intentConfidence.toFixed(2), turn.processingMethod),
        ...(turn.objectionId === null ? [] : [texts.objection(visible(turn.objectionId))]),
        ...(turn.bargeIn ? [texts.bargeIn] : []),
      ];
      return [
        parts.join(', ') + (turn.nextStep === null ? '' : ` ${texts.nextStep(visible(turn.nextStep))}`),
      ];
    }
    return latencies.totalMs === null ? [] : [texts.latencies(turnNumber, this.latenciesOf(turn))];
  }

  private latenciesOf({ latencies }: Turn): string {
    const { green, yellow } = this.terminal.colors;
    return LATENCIES.flatMap(([name, key]) => {
      const ms = latencies[key];
      if (ms === null) return [];
      const isKept = ms <= this.options.targets[key];
      const text = `${name} ${formatNumber(Math.round(ms), this.messages)} ms ${isKept ? '✔' : '✘'}`;
      return [isKept ? green(text) : yellow(text)];
    }).join('  ');
  }

  private seconds(ms: number): string {
    return `${formatDecimal(ms / 1000, this.messages)} s`;
  }

  private write(atMs: number, text: string): void {
    this.close();
    this.terminal.print(`${this.terminal.colors.dim(this.stamp(atMs))}  ${text}`);
  }

  private showPartial(atMs: number, text: string): void {
    const { stdout, colors } = this.terminal;
    if (stdout.isTTY !== true) return;
    const stamp = this.stamp(atMs);
    const columns = stdout.columns ?? 0;
    const room = (columns > 0 ? columns : DEFAULT_COLUMNS) - stamp.length - 3;
    const words = visible(this.messages.live.testCall.partial(text)).slice(0, Math.max(0, room));
    stdout.write(`${CLEAR_LINE}${colors.dim(`${stamp}  ${words}`)}`);
    this.isPartialShown = true;
  }

  private stamp(atMs: number): string {
    return formatDecimal(atMs / 1000, this.messages).padStart(6);
  }
}

type PromptEvent = Extract<TestCallEvent, { type: 'prompt-played' }>;
type SpeechEvent = Extract<TestCallEvent, { type: 'speech-heard' }>;
