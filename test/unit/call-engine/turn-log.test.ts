import { beforeEach, describe, expect, it } from 'vitest';
import { NO_MOMENTS } from '../../../src/call-engine/latency.ts';
import type { Turn } from '../../../src/call-engine/ports.ts';
import { TurnLog, type UnderstoodTurn } from '../../../src/call-engine/turn-log.ts';

const UNDERSTOOD: UnderstoodTurn = {
  transcript: 'oui',
  asrConfidence: 0.9,
  intent: 'affirm',
  intentConfidence: 0.95,
  processingMethod: 'local',
  bargeIn: true,
  speechNumber: 1,
  objectionId: null,
};
const MOMENTS = { ...NO_MOMENTS, spokeOverPromptAtMs: 100, speechEndedAtMs: 1000, turnEndedAtMs: 1460 };

let told: Turn[];
let nextStep: string | null;
let log: TurnLog;

beforeEach(() => {
  told = [];
  nextStep = 'pitch';
  log = new TurnLog({ onTurn: (turn) => told.push(turn), nextStep: () => nextStep });
});

describe('TurnLog', () => {
  it('tells a turn again with the same number as its latencies become known, until the reply starts', () => {
    log.begin(UNDERSTOOD, MOMENTS, 'hello');
    expect(told).toEqual([]);
    log.complete({});
    log.promptSilenced(180);
    log.complete({ replyStartedAtMs: 1700 });
    log.complete({ replyStartedAtMs: 9000 });
    expect(told.map(({ turnNumber, step, nextStep: next }) => [turnNumber, step, next])).toEqual([
      [1, 'hello', 'pitch'],
      [1, 'hello', 'pitch'],
      [1, 'hello', 'pitch'],
    ]);
    expect(told.map(({ latencies }) => [latencies.bargeInMs, latencies.totalMs])).toEqual([
      [null, null],
      [80, null],
      [80, 700],
    ]);
  });

  it('takes the first silence only, and only of a prompt that the turn interrupted', () => {
    log.promptSilenced(50);
    log.begin({ ...UNDERSTOOD, bargeIn: false }, MOMENTS, 'hello');
    log.promptSilenced(180);
    expect(told).toEqual([]);
    log.begin(UNDERSTOOD, MOMENTS, 'hello');
    log.promptSilenced(180);
    log.promptSilenced(300);
    expect(told.map(({ latencies }) => latencies.bargeInMs)).toEqual([80]);
  });

  it('counts turns, and says where the call stands when it tells them', () => {
    log.begin(UNDERSTOOD, NO_MOMENTS, 'hello');
    log.complete({ replyStartedAtMs: 1 });
    log.begin(UNDERSTOOD, NO_MOMENTS, 'pitch');
    nextStep = null;
    log.complete({});
    expect(told.map(({ turnNumber, nextStep: next }) => [turnNumber, next])).toEqual([
      [1, 'pitch'],
      [2, null],
    ]);
  });
});
