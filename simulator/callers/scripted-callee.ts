import type { Clip } from '../media/clip.ts';
import type { Callee, CalleeLine, HangupBy, LegPlan } from '../switch/callee.ts';
import type { Prompt } from '../switch/player.ts';
import type { Attempt, Expectations, Reaction } from './persona-schema.ts';

interface Due {
  reaction: Reaction;
  atMs: number;
}

/** One call of a persona: hears the prompts and reacts as its script says. Knows no clock but the times it is told. */
export class ScriptedCallee implements Callee {
  readonly persona: string;
  readonly plan: LegPlan;
  readonly #script: readonly Reaction[];
  readonly #expects: Expectations;
  readonly #clip: (name: string) => Clip;
  readonly #used = new Map<Reaction, number>();
  readonly #heard: string[] = [];
  readonly #cut: string[] = [];
  #due: Due[] = [];
  #line: CalleeLine | null = null;
  #prompt: Prompt | null = null;
  #quietSinceMs = 0;
  #longestSilenceMs = 0;

  constructor(options: { persona: string; attempt: Attempt; clip: (name: string) => Clip }) {
    this.persona = options.persona;
    this.plan = options.attempt.leg;
    this.#script = options.attempt.script;
    this.#expects = options.attempt.expects;
    this.#clip = options.clip;
  }

  answered(line: CalleeLine, atMs: number): void {
    this.#line = line;
    this.#quietSinceMs = atMs;
    for (const reaction of this.#script) {
      if ('onAnswer' in reaction) this.#plan(reaction, atMs + reaction.onAnswer);
    }
  }

  promptStarted(prompt: Prompt, atMs: number): void {
    this.#noteSound(atMs);
    this.#prompt = prompt;
    this.#heard.push(prompt.path);
  }

  promptAdvanced(prompt: Prompt): void {
    for (const reaction of this.#script) {
      const isNow =
        'during' in reaction &&
        names(reaction.during, prompt.path) &&
        isReached(reaction.atMs, prompt.positionMs);
      if (isNow && this.#mayHappen(reaction)) this.#react(reaction);
    }
  }

  promptEnded(prompt: Prompt, outcome: 'done' | 'break' | 'hangup', atMs: number): void {
    this.#noteSound(atMs);
    this.#prompt = null;
    if (outcome === 'hangup') return;
    if (outcome === 'break') this.#cut.push(prompt.path);
    const reaction = this.#script.find((candidate) => {
      const pattern =
        outcome === 'done' ? 'hears' in candidate && candidate.hears : 'cut' in candidate && candidate.cut;
      return pattern !== false && names(pattern, prompt.path) && this.#mayHappen(candidate);
    });
    if (reaction !== undefined && 'afterMs' in reaction) this.#plan(reaction, atMs + reaction.afterMs);
  }

  tick(atMs: number): void {
    if (this.#due.length > 0) {
      const now = this.#due.filter((due) => due.atMs <= atMs);
      this.#due = this.#due.filter((due) => due.atMs > atMs);
      for (const { reaction } of now) this.#react(reaction);
    }
    if (this.#prompt !== null || this.#line?.isSpeaking() === true) {
      this.#noteSound(atMs);
      return;
    }
    const quietMs = atMs - this.#quietSinceMs;
    this.#longestSilenceMs = Math.max(this.#longestSilenceMs, quietMs);
    for (const reaction of this.#script) {
      if (
        !('idleMs' in reaction) ||
        quietMs < reaction.idleMs ||
        !this.#mayHappen({ times: 1, ...reaction }, reaction)
      )
        continue;
      this.#use(reaction);
      this.#react(reaction);
    }
  }

  ended(by: HangupBy): string[] {
    const expects = this.#expects;
    const failures = [
      ...missingInOrder(expects.hears, this.#heard).map(
        (name) => `did not hear ${name} (heard: ${this.#listHeard()})`,
      ),
      ...expects.neverHears
        .filter((name) => this.#heard.some((path) => names(name, path)))
        .map((name) => `heard ${name}`),
      ...expects.cuts
        .filter((name) => !this.#cut.some((path) => names(name, path)))
        .map((name) => `${name} was not stopped`),
    ];
    if (expects.endedBy !== undefined && expects.endedBy !== by)
      failures.push(`ended by ${by}, not by ${expects.endedBy}`);
    if (expects.maxSilenceMs !== undefined && this.#longestSilenceMs > expects.maxSilenceMs) {
      failures.push(
        `${Math.round(this.#longestSilenceMs)} ms of silence, at most ${expects.maxSilenceMs} ms expected`,
      );
    }
    return failures;
  }

  #plan(reaction: Reaction, atMs: number): void {
    this.#use(reaction);
    this.#due.push({ reaction, atMs });
  }

  #react(reaction: Reaction): void {
    const line = this.#line;
    if (line === null) return;
    if ('during' in reaction) this.#use(reaction);
    for (const name of [reaction.says].flat()) line.say(this.#clip(name), { loops: reaction.loops });
    if (reaction.digits !== '') line.sendDigits(reaction.digits);
    if (reaction.hangsUp) line.hangUp();
  }

  #mayHappen(reaction: Reaction, counted: Reaction = reaction): boolean {
    return (this.#used.get(counted) ?? 0) < (reaction.times ?? Number.POSITIVE_INFINITY);
  }

  #use(reaction: Reaction): void {
    this.#used.set(reaction, (this.#used.get(reaction) ?? 0) + 1);
  }

  #noteSound(atMs: number): void {
    this.#quietSinceMs = atMs;
  }

  #listHeard(): string {
    return this.#heard.map((path) => path.split('/').at(-1)).join(', ') || 'nothing';
  }
}

const patterns = new Map<string, RegExp>();

/** Whether a prompt's path ends in this name; `*` stands for anything but a slash. */
function names(pattern: string, path: string): boolean {
  let regex = patterns.get(pattern);
  if (regex === undefined) {
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
    regex = new RegExp(`(?:^|/)${escaped}$`);
    patterns.set(pattern, regex);
  }
  return regex.test(path);
}

/** Positions go in steps of 20 ms: the step that reaches it, and only that one. */
function isReached(atMs: number, positionMs: number): boolean {
  return positionMs >= atMs && positionMs - 20 < atMs;
}

function missingInOrder(wanted: readonly string[], heard: readonly string[]): string[] {
  let from = 0;
  for (const [index, name] of wanted.entries()) {
    const at = heard.findIndex((path, position) => position >= from && names(name, path));
    if (at === -1) return wanted.slice(index);
    from = at + 1;
  }
  return [];
}
