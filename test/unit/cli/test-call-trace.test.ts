import { expect, it } from 'vitest';
import { en } from '../../../src/cli/messages/en.ts';
import { TestCallTrace } from '../../../src/cli/test-call-trace.ts';
import type { TestCallEvent } from '../../../src/workers/test-call.ts';
import { fakeTerminal } from './fake-terminal.ts';

type Turn = Extract<TestCallEvent, { type: 'turn-taken' }>['turn'];

const AT = new Date('2026-11-23T10:00:00Z');
const TURN: Turn = {
  ...{
    turnNumber: 1,
    step: 'hello',
    transcript: 'oui',
    asrConfidence: 0.9,
    intent: 'affirm',
    intentConfidence: 0.97,
  },
  ...{ processingMethod: 'rule', bargeIn: true, speechNumber: 1, objectionId: null, nextStep: 'pitch' },
  latencies: { bargeInMs: 63, asrMs: 265, intentMs: 5, totalMs: null, endpointingMs: 400, responseMs: null },
};

function trace(options: { isTTY?: boolean } = {}) {
  const { written, terminal } = fakeTerminal({ ...options, environment: { NO_COLOR: '1' } });
  const targets = { bargeInMs: 150, asrMs: 200, intentMs: 600, totalMs: 1000 };
  return {
    written,
    trace: new TestCallTrace(terminal, en, { phone: '+33639980001', scenario: 'short', targets }),
  };
}

it('tells a turn once, and its latencies beside the targets once they are all known', () => {
  const { written, trace: told } = trace();
  told.tell({ type: 'dialling', callId: 'c1', atMs: 0 });
  told.tell({ type: 'turn-taken', at: AT, turn: TURN, atMs: 12_200 });
  told.tell({ type: 'turn-taken', at: AT, turn: TURN, atMs: 12_250 });
  const answered = { ...TURN, latencies: { ...TURN.latencies, totalMs: 522 } };
  told.tell({ type: 'turn-taken', at: AT, turn: answered, atMs: 12_300 });
  expect(written.out.split('\n')).toEqual([
    '   0.0  Dialling +336399••••01 (scenario short)',
    '   0.0  Call c1',
    '  12.2  Turn 1: affirm 0.97, decided by rule, barge-in → pitch',
    '  12.3  Turn 1: barge_in 63 ms ✔  asr 265 ms ✘  intent 5 ms ✔  total 522 ms ✔',
    '',
  ]);
});

it('changes words that are being understood in place, on a terminal alone', () => {
  const piped = trace();
  piped.trace.tell({ type: 'partial-heard', at: AT, text: 'oui', atMs: 100 });
  expect(piped.written.out).toBe('');

  const { written, trace: told } = trace({ isTTY: true });
  told.tell({ type: 'partial-heard', at: AT, text: 'oui \u001b[2J', atMs: 100 });
  expect(written.out).toBe('\r\u001b[2K   0.1  … oui \ufffd[2J');
  told.tell({ type: 'answered', at: AT, atMs: 200 });
  expect(written.out).toContain('\r\u001b[2K   0.2  Answered\n');
  const before = written.out;
  told.close();
  expect(written.out).toBe(before);
});

it('lets no words of others move the cursor', () => {
  const { written, trace: told } = trace();
  const prompt = {
    number: 1,
    step: 's',
    text: 'a\u001b[2J',
    startedMs: 0,
    endedMs: null,
    heardMs: 0,
    completed: false,
  };
  told.tell({ type: 'prompt-played', prompt, atMs: 0 });
  told.tell({ type: 'step-entered', at: AT, step: 's\u001b[1A', atMs: 0 });
  expect(written.out).not.toContain('\u001b');
});
