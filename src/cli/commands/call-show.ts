import { listTurns } from '../../db/call-interactions.ts';
import { listLines } from '../../db/call-lines.ts';
import { findCall } from '../../db/calls.ts';
import type { Call, CallInteraction } from '../../db/schema.ts';
import { OperatorError } from '../../errors.ts';
import type { Config } from '../../config.ts';
import { transcriptOf, transcriptText, type CallTranscript } from '../../recordings/transcript.ts';
import type { CommandContext } from '../command-context.ts';
import { formatDuration, formatInstant, formatNumber, formatSeconds } from '../format.ts';
import { withDatabase } from '../resources.ts';
import type { Cell } from '../terminal.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Targets = Config['latencyTargets'];

/** One call: what came of it, its turns with their latencies, and, where asked for, what was said. */
export async function runCallShow(
  context: CommandContext,
  given: string,
  options: { transcript: boolean },
): Promise<undefined> {
  const { messages, terminal } = context;
  if (!UUID.test(given)) throw new OperatorError('call_id_invalid', messages.call.notAnId(given));
  await withDatabase(context, async ({ db, config }) => {
    const call = await findCall(db, given.toLowerCase());
    if (call === null) throw new OperatorError('call_unknown', messages.call.unknown(given));
    const turns = await listTurns(db, [call.id]);
    const transcript = transcriptOf(call, await listLines(db, [call.id]), turns);
    if (context.json) {
      terminal.printJson({ call, turns, latencyTargets: config.latencyTargets, transcript });
      return;
    }
    printCall(context, call);
    terminal.print();
    printTurns(context, turns, config.latencyTargets);
    if (options.transcript) printTranscript(context, transcript);
  });
  return undefined;
}

function printCall({ messages, terminal }: CommandContext, call: Call): void {
  const { call: texts } = messages;
  const instant = (at: Date | null) => at && formatInstant(at, messages);
  terminal.printHeading(texts.title(call.id));
  terminal.printFacts([
    [texts.phone, call.phone],
    [texts.attempt, String(call.attempt)],
    [texts.started, instant(call.startedAt)],
    [texts.answered, instant(call.answeredAt)],
    [texts.ended, instant(call.endedAt)],
    [texts.duration, call.durationMs === null ? null : formatDuration(call.durationMs, messages)],
    [texts.result, call.result ?? call.status],
    [texts.cause, joined(call.hangupCause, call.sipStatus)],
    [texts.amd, joined(call.amdResult, call.amdReason)],
    [texts.steps, call.steps.length === 0 ? null : call.steps.join(' → ')],
    [texts.recording, recordingOf(call, messages)],
    [texts.assembled, call.assembledPath],
    [texts.recordingProblem, call.recordingProblem],
  ]);
}

function recordingOf(call: Call, messages: CommandContext['messages']): string | null {
  const { call: texts } = messages;
  if (call.recordingPurgedAt !== null) {
    return texts.recordingPurged(formatInstant(call.recordingPurgedAt, messages));
  }
  if (call.recordingPath === null || call.recordingStartedMs === null) return call.recordingPath;
  return texts.recordedFrom(call.recordingPath, formatSeconds(call.recordingStartedMs, messages));
}

function printTurns(context: CommandContext, turns: readonly CallInteraction[], targets: Targets): void {
  const { messages, terminal } = context;
  const { call: texts } = messages;
  if (turns.length === 0) {
    terminal.print(texts.noTurns);
    return;
  }
  const target = (ms: number): string => `≤ ${formatNumber(ms, messages)} ms`;
  terminal.printTable(
    [texts.turn, texts.step, texts.heard, texts.intent, texts.method, 'barge_in', 'asr', 'intent', 'total'],
    [
      ...turns.map((turn) => [
        String(turn.turnNumber),
        turn.step,
        turn.transcription,
        `${turn.intent} ${turn.intentConfidence.toFixed(2)}`,
        turn.processingMethod,
        latency(context, turn.bargeInLatencyMs, targets.bargeInMs),
        latency(context, turn.asrLatencyMs, targets.asrMs),
        latency(context, turn.intentLatencyMs, targets.intentMs),
        latency(context, turn.totalLatencyMs, targets.totalMs),
      ]),
      [
        ...['', texts.targets, '', '', ''],
        ...[targets.bargeInMs, targets.asrMs, targets.intentMs, targets.totalMs].map(target),
      ],
    ],
  );
}

function latency({ messages, terminal }: CommandContext, ms: number | null, targetMs: number): Cell {
  if (ms === null) return messages.none;
  const { green, yellow } = terminal.colors;
  const isKept = ms <= targetMs;
  return {
    text: `${formatNumber(Math.round(ms), messages)} ms ${isKept ? '✔' : '✘'}`,
    paint: isKept ? green : yellow,
  };
}

function printTranscript({ messages, terminal }: CommandContext, transcript: CallTranscript): void {
  const { call: texts } = messages;
  terminal.print();
  terminal.printHeading(texts.transcript);
  if (transcript.purgedAt !== null) {
    terminal.print(texts.transcriptPurged(formatInstant(transcript.purgedAt, messages)));
    return;
  }
  if (transcript.lines.length === 0) terminal.print(texts.noTranscript);
  for (const line of transcriptText(transcript).split('\n').slice(0, -1)) terminal.printLine(line);
}

function joined(...parts: (string | number | null)[]): string | null {
  return parts.filter((part) => part !== null).join(' ') || null;
}
