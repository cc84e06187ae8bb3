import type { TurnLatencies } from './ports.ts';

/** Moments of one turn, monotonic milliseconds; null where the turn had no such moment. */
export interface TurnMoments {
  /** Speech over a prompt began, or the prompt's grace period ended while it went on. */
  spokeOverPromptAtMs: number | null;
  /** The prompt fell silent because of it. */
  promptSilencedAtMs: number | null;
  speechEndedAtMs: number | null;
  turnEndedAtMs: number | null;
  transcribedAtMs: number | null;
  /** The intent was asked for: once the turn was over and its words known. */
  askedAtMs: number | null;
  understoodAtMs: number | null;
  replyStartedAtMs: number | null;
}

export const NO_MOMENTS: TurnMoments = {
  spokeOverPromptAtMs: null,
  promptSilencedAtMs: null,
  speechEndedAtMs: null,
  turnEndedAtMs: null,
  transcribedAtMs: null,
  askedAtMs: null,
  understoodAtMs: null,
  replyStartedAtMs: null,
};

/** The latencies of SPEC C10 and two of their parts, as differences between moments. The only place that computes them. */
export function latenciesOf(moments: TurnMoments): TurnLatencies {
  return {
    bargeInMs: between(moments.spokeOverPromptAtMs, moments.promptSilencedAtMs),
    asrMs: between(moments.speechEndedAtMs, moments.transcribedAtMs),
    intentMs: between(moments.askedAtMs, moments.understoodAtMs),
    totalMs: between(moments.speechEndedAtMs, moments.replyStartedAtMs),
    endpointingMs: between(moments.speechEndedAtMs, moments.turnEndedAtMs),
    responseMs: between(moments.turnEndedAtMs, moments.replyStartedAtMs),
  };
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}
