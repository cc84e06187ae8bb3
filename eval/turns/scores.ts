import { percentile } from '../../src/percentile.ts';
import { shareOf } from '../scores.ts';
import type { Fault, Judgement } from './judge.ts';

/** A figure and the bound that it is held to. */
export interface TurnBar {
  name: string;
  /** Null: nothing was measured. */
  measured: number | null;
  /** At most. */
  limit: number;
  unit: 'ms' | 'share';
  isMet: boolean;
}

export interface Delays {
  count: number;
  p50: number | null;
  p95: number | null;
}

/** Conversations of one kind, e.g. `cough`. */
export interface KindScores {
  kind: string;
  conversations: number;
  endOfTurnMs: Delays;
  bargeInMs: Delays;
  falsePauses: number;
  faults: Partial<Record<Fault, number>>;
}

export interface TurnScores {
  conversations: number;
  /** Share without any fault. */
  accuracy: number;
  /** Answers and interruptions: turns that somebody took. */
  turns: number;
  endOfTurnMs: Delays;
  cutIns: { count: number; share: number | null };
  /** The same among answers with a pause inside. */
  cutInsInPauses: { count: number; share: number | null };
  bargeInMs: Delays;
  missedBargeIns: { count: number; share: number | null };
  /** Conversations in which the prompt was to be heard to its end. */
  listening: number;
  falseBargeIns: { count: number; share: number | null };
  falseAnswers: number;
  falsePauses: { count: number; inConversations: number };
  missedAnswers: number;
  notResumed: number;
  wrongIntents: number;
  kinds: KindScores[];
  bars: TurnBar[];
}

const END_OF_TURN_P50_MS = 500;
const BARGE_IN_P95_MS = 150;
const MAX_CUT_INS = 0.03;
const MAX_FALSE_BARGE_INS = 0.02;

export function scoreTurns(all: readonly Judgement[]): TurnScores {
  const taken = all.filter(({ played }) => played.plan.expects !== 'listening');
  const interruptions = all.filter(({ played }) => played.plan.expects === 'interruption');
  const listening = all.filter(({ played }) => played.plan.expects === 'listening');
  const withPause = taken.filter(({ played }) => played.plan.events.length > 1);
  const endOfTurnMs = delaysOf(taken.map((each) => each.endOfTurnMs));
  const bargeInMs = delaysOf(interruptions.map((each) => each.bargeInMs));
  const cutIns = faultsIn(taken, 'cut-in');
  const falseBargeIns = faultsIn(listening, 'false-barge-in');
  return {
    conversations: all.length,
    accuracy: shareOf(all, ({ fault }) => fault === null) ?? 0,
    turns: taken.length,
    endOfTurnMs,
    cutIns,
    cutInsInPauses: faultsIn(withPause, 'cut-in'),
    bargeInMs,
    missedBargeIns: faultsIn(interruptions, 'missed-barge-in'),
    listening: listening.length,
    falseBargeIns,
    falseAnswers: faultsIn(all, 'false-answer').count,
    falsePauses: {
      count: listening.reduce((sum, { falsePauses }) => sum + falsePauses, 0),
      inConversations: listening.filter(({ falsePauses }) => falsePauses > 0).length,
    },
    missedAnswers: faultsIn(all, 'missed-answer').count,
    notResumed: faultsIn(all, 'not-resumed').count,
    wrongIntents: faultsIn(all, 'wrong-intent').count,
    kinds: kindsOf(all),
    bars: [
      barAtMost('end of turn, p50', endOfTurnMs.p50, END_OF_TURN_P50_MS, 'ms'),
      barAtMost('cut-ins', cutIns.share, MAX_CUT_INS, 'share'),
      barAtMost('barge-in, p95', bargeInMs.p95, BARGE_IN_P95_MS, 'ms'),
      barAtMost('false barge-ins', falseBargeIns.share, MAX_FALSE_BARGE_INS, 'share'),
    ],
  };
}

function kindsOf(all: readonly Judgement[]): KindScores[] {
  const kinds = [...new Set(all.map(({ played }) => played.plan.kind))];
  return kinds.map((kind) => {
    const of = all.filter(({ played }) => played.plan.kind === kind);
    const faults: Partial<Record<Fault, number>> = {};
    for (const { fault } of of) if (fault !== null) faults[fault] = (faults[fault] ?? 0) + 1;
    return {
      kind,
      conversations: of.length,
      endOfTurnMs: delaysOf(of.map((each) => each.endOfTurnMs)),
      bargeInMs: delaysOf(of.map((each) => each.bargeInMs)),
      falsePauses: of.reduce((sum, { falsePauses }) => sum + falsePauses, 0),
      faults,
    };
  });
}

function faultsIn(of: readonly Judgement[], fault: Fault): { count: number; share: number | null } {
  return {
    count: of.filter((each) => each.fault === fault).length,
    share: shareOf(of, (each) => each.fault === fault),
  };
}

function delaysOf(values: readonly (number | null)[]): Delays {
  const known = values.flatMap((value) => value ?? []);
  return { count: known.length, p50: rounded(percentile(known, 0.5)), p95: rounded(percentile(known, 0.95)) };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

function barAtMost(name: string, measured: number | null, limit: number, unit: TurnBar['unit']): TurnBar {
  return { name, measured, limit, unit, isMet: measured !== null && measured <= limit };
}
