import type { CallResult } from '../../call-engine/call-session.ts';
import type { GateVerdict } from '../../campaigns/gate.ts';
import { OperatorError } from '../../errors.ts';
import { maskPhoneNumber } from '../../masking.ts';
import {
  makeTestCall,
  reviewTestCall,
  type TestCallEvent,
  type TestCallOutcome,
} from '../../workers/test-call.ts';
import type { CommandContext } from '../command-context.ts';
import { confirm } from '../confirm.ts';
import { formatDuration, formatInstant, formatNumber, formatRefusal } from '../format.ts';
import { phoneArgument } from '../phone-argument.ts';
import { withDatabase, type DatabaseResources } from '../resources.ts';
import { EXIT } from '../run-command.ts';
import { TestCallTrace } from '../test-call-trace.ts';

export interface TestCallOptions {
  scenario: string;
  yes: boolean;
  /** 0: a free one. */
  audioPort: number;
  audioUrl?: string;
}

/** Results of ours to mend: nobody can say that the system was tried. */
const BROKEN = ['failed', 'interrupted'];

/** One call with a trace of what happens in it. */
export async function runTestCall(
  context: CommandContext,
  given: string,
  options: TestCallOptions,
): Promise<number> {
  const phone = phoneArgument(given, context.messages);
  return withDatabase(context, async (resources) => {
    const fingerprint = await resources.fingerprint();
    const deps = { ...resources, fingerprint };
    const verdict = await reviewTestCall(deps, { phone, scenario: options.scenario, now: new Date() });
    if (verdict.decision !== 'call') throw refusal(context, phone, verdict);
    if (!options.yes) {
      const { confirm: question, notConfirmed } = context.messages.live.testCall;
      await confirm(context, { question: question(phone, options.scenario), refused: notConfirmed });
    }
    return call(context, resources, deps, { phone, options });
  });
}

async function call(
  context: CommandContext,
  { config }: DatabaseResources,
  deps: Parameters<typeof makeTestCall>[0],
  { phone, options }: { phone: string; options: TestCallOptions },
): Promise<number> {
  const { terminal, messages, signal } = context;
  const { scenario } = options;
  const trace = new TestCallTrace(terminal, messages, { phone, scenario, targets: config.latencyTargets });
  const hangUp = new AbortController();
  const stop = AbortSignal.any([signal, hangUp.signal]);
  // Nobody sees the trace any more: a call that nobody watches is not tried.
  const watchNoMore = terminal.whenReaderGone(() => hangUp.abort());
  const sayHangingUp = (): void => terminal.printNote(messages.live.testCall.hangingUp);
  signal.addEventListener('abort', sayHangingUp, { once: true });
  try {
    const outcome = await makeTestCall(deps, {
      phone,
      scenario,
      audio: { port: options.audioPort, url: options.audioUrl ?? null },
      onEvent: (event) => (context.json ? printEvent(context, event) : trace.tell(event)),
      signal: stop,
    });
    trace.close();
    return conclude(context, phone, outcome, config.freeswitch.maxCalls);
  } finally {
    trace.close();
    signal.removeEventListener('abort', sayHangingUp);
    watchNoMore();
  }
}

function conclude(context: CommandContext, phone: string, outcome: TestCallOutcome, lines: number): number {
  const { messages, signal } = context;
  const { testCall: texts } = messages.live;
  const fail = (code: string, message: string): never => {
    signal.throwIfAborted();
    throw new OperatorError(code, message);
  };
  switch (outcome.state) {
    case 'line-busy':
      return fail('lines_busy', texts.lineBusy(formatNumber(lines, messages)));
    case 'number-busy':
      return fail('number_busy', texts.numberBusy(maskPhoneNumber(phone)));
    case 'audio-missing':
      return fail('audio_missing', texts.audioMissing(outcome.why));
    case 'lost':
      return fail('call_lost', texts.lost(outcome.callId));
    case 'not-cleared':
      throw refusal(context, phone, outcome.verdict);
    case 'made':
      printResult(context, phone, outcome.callId, outcome.result);
      signal.throwIfAborted();
      return BROKEN.includes(outcome.result.result) ? EXIT.failed : EXIT.ok;
  }
}

function refusal(
  { messages }: CommandContext,
  phone: string,
  verdict: Exclude<GateVerdict, { decision: 'call' }>,
): OperatorError {
  const { testCall: texts } = messages.live;
  const [code = ''] = verdict.reason.split(': ');
  // What the operator must mend does not come by waiting.
  const comesByItself = verdict.decision === 'wait' && code !== 'caller_id_not_allowed';
  const until = comesByItself ? formatInstant(verdict.until, messages) : null;
  const said = texts.refused(maskPhoneNumber(phone), formatRefusal(verdict.reason, messages), until);
  const advice = texts.advice[code];
  return new OperatorError('test_call_refused', advice === undefined ? said : `${said}; ${advice}`);
}

function printEvent({ terminal }: CommandContext, { type, atMs, ...event }: TestCallEvent): void {
  terminal.print(JSON.stringify({ event: type, atMs, ...event }));
}

function printResult(
  { messages, terminal, json }: CommandContext,
  phone: string,
  callId: string,
  result: CallResult,
): void {
  const { testCall: texts } = messages.live;
  if (json) {
    terminal.print(JSON.stringify({ event: 'ended', callId, ...result }));
    return;
  }
  terminal.print();
  terminal.printFacts([
    [texts.result, result.result],
    [texts.endedBecause, texts.endReasons[result.endReason]],
    [texts.cause, [result.hangupCause, result.sipStatus].filter((part) => part !== null).join(' ')],
    [texts.duration, result.durationMs === null ? null : formatDuration(result.durationMs, messages)],
    [texts.steps, result.steps.length === 0 ? null : result.steps.join(' → ')],
  ]);
  if (result.optOut) terminal.printWarning(messages.warningLabel, texts.optOut(phone));
  terminal.printNote(texts.more(callId));
}
