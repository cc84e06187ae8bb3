import type { Clip } from '../media/clip.ts';
import type { Prompt } from './player.ts';

/** What the far end does with one call, before anybody speaks. */
export type LegPlan =
  | { then: 'answer'; ringMs: number; earlyMedia: boolean }
  | { then: 'refuse'; ringMs: number; sipStatus: number; q850Reason: number | null }
  /** Rings until the caller gives up. */
  | { then: 'ring' }
  /** The far end never replies at all. */
  | { then: 'mute' };

/** What a callee can do on an answered line. */
export interface CalleeLine {
  say(clip: Clip, options: { loops: boolean }): void;
  isSpeaking(): boolean;
  hangUp(): void;
  sendDigits(digits: string): void;
}

/** The person (or machine) at the far end of one call. Times are `performance.now()` milliseconds. */
export interface Callee {
  readonly persona: string;
  readonly plan: LegPlan;
  answered(line: CalleeLine, atMs: number): void;
  promptStarted(prompt: Prompt, atMs: number): void;
  promptAdvanced(prompt: Prompt): void;
  promptEnded(prompt: Prompt, outcome: 'done' | 'break' | 'hangup', atMs: number): void;
  tick(atMs: number): void;
  /** The call is over; returns which of the script's expectations were not met. */
  ended(by: HangupBy): string[];
}

export type HangupBy = 'callee' | 'caller' | 'network';
