import { describe, expect, it } from 'vitest';
import type { Intent } from '../../../../src/call-engine/intent/intents.ts';
import type { ObjectionMatch } from '../../../../src/call-engine/objections/match.ts';
import {
  LIMITS,
  startState,
  stepScenario,
  type ScenarioCommand,
  type ScenarioEvent,
  type ScenarioState,
} from '../../../../src/call-engine/scenario/machine.ts';
import type { Scenario } from '../../../../src/call-engine/scenario/schema.ts';
import { asking, final, handler, saying, scenarioOf } from '../../../helpers/scenarios.ts';

/** Walks a scenario and remembers what was ordered last. */
class Call {
  state: ScenarioState;
  commands: ScenarioCommand[] = [];

  constructor(private readonly scenario: Scenario) {
    this.state = startState(scenario);
    this.tell({ type: 'call-started' });
  }

  tell(event: ScenarioEvent): this {
    ({ state: this.state, commands: this.commands } = stepScenario(this.scenario, this.state, event));
    return this;
  }

  say(intent: Intent, objectionId: string | null = null): this {
    return this.tell({
      type: 'utterance',
      intent,
      text: '…',
      objection: objectionId === null ? null : match(objectionId),
    });
  }

  promptEnds(): this {
    return this.tell({ type: 'prompt-finished' });
  }

  /** `label +listen` or `label +end:result`, as ordered last. */
  get ordered(): string {
    return this.commands
      .map((command) => {
        if (command.type === 'play') return command.prompt.label;
        return command.type === 'listen' ? `listen ${command.timeoutMs}` : `end ${command.ending.result}`;
      })
      .join(', ');
  }
}

function match(objectionId: string): ObjectionMatch {
  return {
    objectionId,
    score: 1,
    audioPath: `demo/objections/${objectionId}.wav`,
    responseText: 'Réponse ?',
  };
}

describe('an audio step', () => {
  it('asks the first step and listens', () => {
    const call = new Call(scenarioOf({ a: asking({ affirm: 'b' }), b: final('success') }));
    expect(call.ordered).toBe('a, listen 4000');
    expect(call.commands[0]).toMatchObject({
      prompt: { audioPath: 'demo/base/ask.wav', text: 'Oui ?', bargeIn: true },
    });
  });

  it('starts at "hello" wherever it stands, or at "start"', () => {
    const steps = { a: asking({ '*': 'hello' }), hello: asking({ '*': 'bye' }), bye: final('success') };
    expect(new Call(scenarioOf(steps)).ordered).toContain('hello');
    expect(new Call(scenarioOf(steps, { start: 'a' })).ordered).toContain('a');
  });

  it('follows the intent, else "*"', () => {
    const scenario = scenarioOf({
      a: asking({ affirm: 'yes', '*': 'other' }),
      yes: final('success'),
      other: final('not_interested'),
    });
    expect(new Call(scenario).say('affirm').ordered).toBe('yes, end success');
    expect(new Call(scenario).say('not_understood').ordered).toBe('other, end not_interested');
  });

  it('does not move on when the prompt of a listening step ends', () => {
    const call = new Call(scenarioOf({ a: asking({ '*': 'b' }), b: final('success') }));
    expect(call.promptEnds().ordered).toBe('');
  });

  it('goes on after the prompt of a step that does not listen, by "*" or the only transition', () => {
    const call = new Call(
      scenarioOf({
        a: saying('b'),
        b: { type: 'audio', audio_path: 'x/b.wav', timeout: 0, transitions: { affirm: 'c' } },
        c: final('success'),
      }),
    );
    expect(call.ordered).toBe('a');
    expect(call.promptEnds().ordered).toBe('b');
    expect(call.promptEnds().ordered).toBe('c, end success');
  });

  it('lets no goodbye be interrupted', () => {
    const call = new Call(scenarioOf({ a: { ...final('success'), barge_in: true } }));
    expect(call.commands[0]).toMatchObject({ prompt: { bargeIn: false } });
  });

  it('is asked again twice when it names no way on, then the call ends', () => {
    const scenario = scenarioOf({ a: asking({ affirm: 'b' }), b: final('success') });
    const call = new Call(scenario);
    expect(call.say('silence').ordered).toBe('a, listen 4000');
    expect(call.say('not_understood').ordered).toBe('a, listen 4000');
    expect(call.say('silence').ordered).toBe('end silence');
    expect(call.state.ending).toEqual({ result: 'silence', stepId: 'a', reason: 'no-transition' });
  });

  it('ends the call when nobody is there, whatever the scenario repeats', () => {
    const call = new Call(scenarioOf({ a: asking({ silence: 'a', '*': 'b' }), b: final('success') }));
    for (let silence = 1; silence < LIMITS.silences; silence += 1)
      expect(call.say('silence').ordered).toContain('a');
    expect(call.say('silence').ordered).toBe('end silence');
  });

  it('ends the call as failed when the prompt cannot be played', () => {
    const call = new Call(scenarioOf({ a: asking({ '*': 'b' }), b: final('success') }));
    expect(call.tell({ type: 'prompt-failed', detail: '' }).state.ending?.reason).toBe('prompt-failed');
    expect(call.ordered).toBe('end failed');
  });

  it('keeps its result when only the goodbye cannot be played', () => {
    const call = new Call(scenarioOf({ a: asking({ '*': 'b' }), b: final('success') })).say('affirm');
    expect(call.tell({ type: 'prompt-failed', detail: '' }).ordered).toBe('end success');
  });
});

describe('a refusal', () => {
  const steps = (isDeterminant: boolean) => ({
    a: asking({ affirm: 'yes', '*': 'more' }, { is_determinant: isDeterminant }),
    more: asking({ '*': 'yes' }),
    yes: final('success'),
  });

  it('ends the call at a determinant step, whatever "*" says', () => {
    expect(new Call(scenarioOf(steps(true))).say('deny').ordered).toBe('end not_interested');
  });

  it('follows "*" at another step', () => {
    expect(new Call(scenarioOf(steps(false))).say('deny').ordered).toContain('more');
  });

  it('in the form of an objection is a refusal and never answered as one', () => {
    const scenario = scenarioOf({
      a: asking({ objection: 'h', deny: 'no', '*': 'yes' }),
      h: handler({ fallback_step: 'no' }),
      no: final('not_interested'),
      yes: final('success'),
    });
    expect(new Call(scenario).say('objection', 'standard/not_interested').ordered).toBe(
      'no, end not_interested',
    );
    const inHandler = new Call(scenario).say('objection', 'or/risky');
    expect(inHandler.say('objection', 'standard/not_interested').ordered).toBe('no, end not_interested');
  });
});

describe('what the person may always say', () => {
  const scenario = scenarioOf({
    hello: asking({ '*': 'pitch' }),
    pitch: asking({ objection: 'h', '*': 'bye' }),
    h: handler({ fallback_step: 'bye', success_step: 'pitch' }),
    bye: final('success'),
  });

  it.each([
    ['opt_out', 'builtin:opt_out, end opt_out', 'opt-out'],
    ['wrong_number', 'builtin:wrong_number, end wrong_number', 'wrong-number'],
    ['callback', 'builtin:callback, end callback', 'callback'],
    ['machine', 'end answering_machine', 'machine'],
  ] as const)('%s is honoured although there is "*"', (intent, ordered, reason) => {
    const call = new Call(scenario).say(intent);
    expect(call.ordered).toBe(ordered);
    expect(call.state.ending?.reason).toBe(reason);
  });

  it("plays the acknowledgement of the scenario's voice, or the one it names", () => {
    expect(new Call(scenario).say('opt_out').commands[0]).toMatchObject({
      prompt: { audioPath: 'demo/base/opt_out.wav' },
    });
    const own = scenarioOf(
      { hello: asking({ '*': 'bye' }), bye: final('success') },
      { builtins: { opt_out: { audio_path: 'demo/base/mine.wav', text: 'Bien.' } } },
    );
    expect(new Call(own).say('opt_out').commands[0]).toMatchObject({
      prompt: { audioPath: 'demo/base/mine.wav' },
    });
  });

  it('a step named for wrong_number, callback or machine is entered instead', () => {
    const named = scenarioOf({
      hello: asking({ machine: 'message', '*': 'bye' }),
      message: final('answering_machine'),
      bye: final('success'),
    });
    expect(new Call(named).say('machine').ordered).toBe('message, end answering_machine');
  });

  it('opt_out is honoured over the goodbye and while an objection is handled', () => {
    expect(new Call(scenario).say('affirm').say('affirm').say('opt_out').ordered).toBe(
      'builtin:opt_out, end opt_out',
    );
    const inHandler = new Call(scenario).say('affirm').say('objection', 'or/risky');
    expect(inHandler.say('opt_out', 'standard/too_many_calls').ordered).toBe('builtin:opt_out, end opt_out');
  });

  it('opt_out ends as opt_out after the prompt of the step that the scenario names for it', () => {
    const named = scenarioOf({
      hello: asking({ opt_out: 'sorry', '*': 'bye' }),
      sorry: asking({ affirm: 'bye' }),
      bye: final('success'),
    });
    expect(new Call(named).say('opt_out').ordered).toBe('sorry, end opt_out');
  });

  it('opt_out counts although its acknowledgement cannot be played', () => {
    const call = new Call(scenario).say('opt_out').tell({ type: 'prompt-failed', detail: '' });
    expect(call.ordered).toBe('end opt_out');
  });

  it('nothing else changes an ending', () => {
    const call = new Call(scenario).say('opt_out');
    expect(call.say('affirm').ordered).toBe('');
    expect(call.say('opt_out').ordered).toBe('');
    expect(call.state.ending?.result).toBe('opt_out');
  });

  it('"vous êtes un robot ?" is answered truthfully, then the same step goes on; not for ever', () => {
    const call = new Call(scenario);
    for (let time = 0; time < LIMITS.robotAnswers; time += 1) {
      expect(call.say('question', 'standard/is_robot').ordered).toBe(
        'objection:standard/is_robot, listen 4000',
      );
      expect(call.state.stepId).toBe('hello');
    }
    expect(call.say('affirm').ordered).toContain('pitch');
    expect(call.say('not_understood', 'standard/is_robot').ordered).toBe('bye, end success');
  });
});

describe('an objection', () => {
  const scenario = scenarioOf(
    {
      hello: asking({ affirm: 'pitch', deny: 'h', objection: 'h', question: 'h' }, { timeout: 6 }),
      pitch: asking({ affirm: 'yes', '*': 'no' }),
      h: handler({ max_attempts: 2, success_step: 'pitch', fallback_step: 'no' }),
      yes: final('success'),
      no: final('not_interested'),
    },
    { max_autonomous_turns: 3 },
  );

  it('is answered, and the answer waited for as long as the question that raised it', () => {
    const call = new Call(scenario).say('objection', 'or/risky');
    expect(call.ordered).toBe('objection:or/risky, listen 6000');
    expect(call.state.stepId).toBe('h');
  });

  it.each([
    ['affirm', 'pitch'],
    ['silence', 'pitch'],
    ['not_understood', 'pitch'],
    ['deny', 'no'],
  ] as const)('after its answer %s leads to %s', (intent, step) => {
    expect(new Call(scenario).say('objection', 'or/risky').say(intent).state.stepId).toBe(step);
  });

  it('is answered at most max_attempts times', () => {
    const call = new Call(scenario).say('objection', 'or/risky').say('question', 'or/storage');
    expect(call.ordered).toContain('objection:or/storage');
    expect(call.say('objection', 'or/taxes').ordered).toBe('no, end not_interested');
  });

  it('is answered at most max_autonomous_turns times in the whole call', () => {
    const once = scenarioOf(
      {
        hello: asking({ objection: 'h' }),
        h: handler({ success_step: 'hello', fallback_step: 'no' }),
        no: final('not_interested'),
      },
      { max_autonomous_turns: 1 },
    );
    const call = new Call(once).say('objection', 'or/risky').say('affirm');
    expect(call.ordered).toContain('hello');
    expect(call.say('objection', 'or/storage').ordered).toBe('no, end not_interested');
  });

  it('without an answer gives up; a question without one has ours asked once more', () => {
    expect(new Call(scenario).say('objection').ordered).toBe('no, end not_interested');
    expect(new Call(scenario).say('deny').ordered).toBe('no, end not_interested');
    const call = new Call(scenario).say('question');
    expect(call.ordered).toContain('pitch');
    expect(call.state.unansweredQuestions).toBe(1);
  });

  it('is answered where it is raised when the step names no handler, then "*" applies', () => {
    const inline = scenarioOf(
      { hello: asking({ affirm: 'yes', '*': 'no' }), yes: final('success'), no: final('not_interested') },
      { max_autonomous_turns: 1 },
    );
    const call = new Call(inline).say('question', 'or/storage');
    expect(call.ordered).toBe('objection:or/storage, listen 4000');
    expect(call.state.stepId).toBe('hello');
    expect(call.say('question', 'or/taxes').ordered).toBe('no, end not_interested');
  });

  it('goes back to who asked, or ends, where a handler names no steps', () => {
    const bare = scenarioOf({
      hello: asking({ objection: 'h', affirm: 'yes' }),
      h: handler(),
      yes: final('success'),
    });
    expect(new Call(bare).say('objection', 'or/risky').say('affirm').ordered).toBe('hello, listen 4000');
    expect(new Call(bare).say('objection').ordered).toBe('end not_interested');
  });
});

describe('any scenario and any order of events', () => {
  const INTENT_POOL: Intent[] = [
    'affirm',
    'deny',
    'question',
    'objection',
    'silence',
    'not_understood',
    'callback',
    'wrong_number',
    'machine',
  ];
  const OBJECTIONS = ['or/risky', 'standard/is_robot', 'standard/not_interested'];
  /** Every answer enters a step, repeats one, or plays one of the bounded answers. */
  const MAX_UTTERANCES = LIMITS.stepsEntered + LIMITS.robotAnswers + 5;

  it('ends within the limits and never throws', () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const random = randomOf(seed);
      const call = new Call(randomScenario(random));
      let utterances = 0;
      while (call.state.phase !== 'ending') {
        if (call.state.phase === 'passing' && random.chance(0.7)) {
          call.promptEnds();
          continue;
        }
        utterances += 1;
        call.say(random.pick(INTENT_POOL), random.chance(0.5) ? random.pick(OBJECTIONS) : null);
        expect(call.commands.length, `seed ${seed} went silent`).toBeGreaterThan(0);
        expect(utterances, `seed ${seed} does not end`).toBeLessThanOrEqual(MAX_UTTERANCES);
      }
      expect(call.state.ending?.result).toMatch(/^[a-z_]+$/);
      expect(call.state.stepsEntered).toBeLessThanOrEqual(LIMITS.stepsEntered);
    }
  });

  it('ends as opt_out when the person asks for it, at any moment', () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const random = randomOf(seed);
      const call = new Call(randomScenario(random));
      for (let moves = random.below(8); moves > 0; moves -= 1) {
        if (call.state.phase === 'passing') call.promptEnds();
        else call.say(random.pick(INTENT_POOL), random.chance(0.5) ? random.pick(OBJECTIONS) : null);
      }
      call.say('opt_out', random.chance(0.5) ? 'standard/too_many_calls' : null);
      if (random.chance(0.5)) call.say(random.pick(INTENT_POOL));
      expect(call.state.ending, `seed ${seed}`).toMatchObject({ result: 'opt_out', reason: 'opt-out' });
    }
  });

  function randomScenario(random: Random): Scenario {
    const ids = ['hello', 'b', 'c', 'd', 'e'];
    const targets = [...ids, 'nowhere'];
    const transitions = () =>
      Object.fromEntries(
        [...INTENT_POOL, 'opt_out', '*']
          .filter(() => random.chance(0.35))
          .map((key) => [key, random.pick(targets)]),
      );
    const steps = ids.map((id): [string, unknown] => {
      if (random.chance(0.2)) {
        return [
          id,
          handler({
            max_attempts: 1 + random.below(5),
            transitions: random.chance(0.3) ? transitions() : {},
            ...(random.chance(0.7) && { fallback_step: random.pick(targets) }),
            ...(random.chance(0.7) && { success_step: random.pick(targets) }),
          }),
        ];
      }
      if (random.chance(0.15)) return [id, final('success')];
      const rest = { timeout: random.pick([0, 4]), is_determinant: random.chance(0.5) };
      return [id, asking(transitions(), rest)];
    });
    return scenarioOf(Object.fromEntries(steps), { max_autonomous_turns: random.below(6) });
  }

  interface Random {
    below: (limit: number) => number;
    chance: (probability: number) => boolean;
    pick: <T>(from: readonly T[]) => T;
  }

  /** mulberry32: the same seed gives the same scenario. */
  function randomOf(seed: number): Random {
    let state = seed;
    const next = () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    };
    return {
      below: (limit) => Math.floor(next() * limit),
      chance: (probability) => next() < probability,
      pick: <T>(from: readonly T[]) => {
        const picked = from[Math.floor(next() * from.length)];
        if (picked === undefined) throw new Error('nothing to pick from');
        return picked;
      },
    };
  }
});
