import type { ObjectionMatch, ObjectionMatcher } from '../objections/match.ts';
import type { IntentClassifier, IntentVerdict } from '../ports.ts';
import {
  startState,
  stepScenario,
  type Prompt,
  type ScenarioCommand,
  type ScenarioEnding,
  type ScenarioEvent,
  type ScenarioState,
} from './machine.ts';
import type { Scenario } from './schema.ts';

/** What the person called does next. `over`: said while the prompt plays. */
export type RehearsedAnswer = { type: 'said'; text: string; over: boolean } | { type: 'silence' };

/** What the bot does, until it waits for an answer or the call is over. */
export interface RehearsedReply {
  prompts: Prompt[];
  /** The step that the call is at then. */
  stepId: string;
  /** How long it would wait for an answer; null when it does not wait. */
  waitsMs: number | null;
  /** Null: the call goes on. */
  ending: ScenarioEnding | null;
}

export interface RehearsedTurn extends RehearsedReply {
  /** Step at which it was said. */
  fromStepId: string;
  verdict: IntentVerdict;
  objection: ObjectionMatch | null;
  /** Said over a prompt that does not give way: nobody waits for it. */
  isIgnored: boolean;
}

/** Walks a scenario by written answers: what a call does, without a telephone and without a clock. */
export class Rehearsal {
  private state: ScenarioState;
  private lastPrompt: Prompt | null = null;
  private waitsMs: number | null = null;

  constructor(
    private readonly deps: {
      scenario: Scenario;
      classifier: Pick<IntentClassifier, 'classify'>;
      matchObjection: ObjectionMatcher;
      signal: AbortSignal;
    },
  ) {
    this.state = startState(deps.scenario);
  }

  start(): RehearsedReply {
    return this.tell({ type: 'call-started' });
  }

  async answer(answer: RehearsedAnswer): Promise<RehearsedTurn> {
    const fromStepId = this.state.stepId;
    if (answer.type === 'silence') {
      const verdict: IntentVerdict = { intent: 'silence', confidence: 1, method: 'rule' };
      const reply = this.tell({ type: 'utterance', intent: 'silence', text: '', objection: null });
      return { fromStepId, verdict, objection: null, isIgnored: false, ...reply };
    }
    const { text, over } = answer;
    const { classifier, matchObjection, signal } = this.deps;
    const verdict = await classifier.classify({ text, question: this.lastPrompt?.text ?? null, signal });
    const objection = matchObjection(text);
    const isIgnored = over && this.lastPrompt?.bargeIn === false && verdict.intent !== 'opt_out';
    const reply = isIgnored
      ? { prompts: [], stepId: fromStepId, waitsMs: this.waitsMs, ending: this.state.ending }
      : this.tell({ type: 'utterance', intent: verdict.intent, text, objection });
    return { fromStepId, verdict, objection, isIgnored, ...reply };
  }

  /** Prompts after which the scenario goes on by itself are heard to their end. */
  private tell(event: ScenarioEvent): RehearsedReply {
    const prompts: Prompt[] = [];
    this.advance(event, prompts);
    while (this.state.phase === 'passing') this.advance({ type: 'prompt-finished' }, prompts);
    const { stepId, ending } = this.state;
    return { prompts, stepId, waitsMs: ending === null ? this.waitsMs : null, ending };
  }

  private advance(event: ScenarioEvent, prompts: Prompt[]): void {
    const { state, commands } = stepScenario(this.deps.scenario, this.state, event);
    this.state = state;
    for (const command of commands) this.carryOut(command, prompts);
  }

  private carryOut(command: ScenarioCommand, prompts: Prompt[]): void {
    switch (command.type) {
      case 'play':
        prompts.push(command.prompt);
        this.lastPrompt = command.prompt;
        this.waitsMs = null;
        return;
      case 'listen':
        this.waitsMs = command.timeoutMs;
        return;
      case 'end':
        this.waitsMs = null;
        return;
    }
  }
}
