import { expect, it } from 'vitest';
import { checkScenario, type CheckOptions } from '../../../../src/call-engine/scenario/check.ts';
import { describeFault } from '../../../../src/call-engine/scenario/load.ts';
import type { Scenario } from '../../../../src/call-engine/scenario/schema.ts';
import { asking, final, handler, saying, scenarioOf } from '../../../helpers/scenarios.ts';

function problemsOf(scenario: Scenario, options?: CheckOptions): string[] {
  return checkScenario(scenario, options).map((problem) => `${problem.level}: ${describeFault(problem)}`);
}

const bye = final('success');
const no = final('not_interested');
const WHO = 'Ici Essai. Ceci est un appel automatisé, vous pouvez demander à ne plus être appelé. Oui ?';
const says = { disclosure: true, text: WHO };
const sound = { hello: asking({ affirm: 'bye', '*': 'no' }, says), bye, no };

it('has nothing to say of a sound scenario', () => {
  expect(problemsOf(scenarioOf(sound), { audioExists: () => true })).toEqual([]);
});

it.each<[string, Record<string, unknown>, string]>([
  [
    'an unknown target',
    { ...sound, hello: asking({ affirm: 'byee', '*': 'no' }, says) },
    'error: step "hello", field "transitions.affirm": leads to "byee", which is no step of this scenario',
  ],
  [
    'an unknown step of a handler',
    {
      ...sound,
      hello: asking({ objection: 'h', '*': 'no' }),
      h: handler({ fallback_step: 'x', success_step: 'no' }),
    },
    'error: step "h", field "fallback_step": leads to "x", which is no step of this scenario',
  ],
  ['an unreachable step', { ...sound, lost: final('success') }, 'warning: step "lost": is never reached'],
  [
    'a dead end',
    { ...sound, hello: asking({ '*': 'end' }), end: { type: 'audio', audio_path: 'x.wav', timeout: 0 } },
    'error: step "end", field "transitions": is missing: nothing follows this step',
  ],
  [
    'several ways on from a step that does not listen',
    { ...sound, hello: asking({ affirm: 'bye', deny: 'no' }, { timeout: 0 }) },
    'error: step "hello", field "transitions": needs "*"',
  ],
  [
    'a loop without exit',
    { ...sound, hello: asking({ affirm: 'bye', '*': 'loop' }), loop: saying('again'), again: saying('loop') },
    'error: step "loop", field "transitions": starts a loop without exit',
  ],
  ['no end', { hello: saying('hello') }, 'error: field "steps": no final step can be reached'],
  [
    'no way out of silence',
    { ...sound, hello: asking({ affirm: 'bye', deny: 'no', not_understood: 'no' }) },
    'warning: step "hello", field "transitions.silence": is missing',
  ],
  [
    'a refusal that counts as a success',
    { ...sound, hello: asking({ deny: 'bye', '*': 'no' }) },
    'warning: step "hello", field "transitions.deny": leads to "bye": a refusal would count as a success',
  ],
  [
    'a determinant step without a goodbye',
    { ...sound, hello: asking({ affirm: 'bye', '*': 'no' }, { is_determinant: true }) },
    'warning: step "hello", field "transitions.deny": is missing',
  ],
  [
    'no disclosure',
    { ...sound, hello: asking({ affirm: 'bye', '*': 'no' }) },
    'warning: field "steps": no step has "automated" in "discloses"',
  ],
  [
    'a claim that its text does not bear out',
    {
      ...sound,
      hello: asking({ affirm: 'bye', '*': 'no' }, { ...says, text: 'Ici Essai, un appel automatisé. Oui ?' }),
    },
    'warning: step "hello", field "discloses": claims "opposition", but its text does not say how to object',
  ],
  [
    'what is told only after a question',
    {
      ...sound,
      hello: asking({ affirm: 'who', '*': 'no' }),
      who: asking({ affirm: 'bye', '*': 'no' }, says),
    },
    'warning: field "steps": something is asked before people are told that an automated system is calling',
  ],
  [
    'an unknown variable',
    { ...sound, hello: asking({ affirm: 'bye', '*': 'no' }, { text: 'Bonjour {{prenom}}' }) },
    'warning: step "hello", field "text": names the unknown variable {{prenom}}',
  ],
  [
    'transitions of a final step',
    { ...sound, bye: { ...bye, transitions: { '*': 'no' } } },
    'warning: step "bye", field "transitions": has no effect on a final step',
  ],
  [
    'an opt-out that is not to end the call',
    { ...sound, hello: asking({ opt_out: 'hello', affirm: 'bye', '*': 'no' }) },
    'warning: step "hello", field "transitions.opt_out": leads to "hello", which is not final',
  ],
  [
    'a handler without fallback',
    { ...sound, hello: asking({ objection: 'h', affirm: 'bye', '*': 'no' }), h: handler() },
    'warning: step "h", field "fallback_step": is missing',
  ],
])('reports %s', (_name, steps, expected) => {
  expect(problemsOf(scenarioOf(steps))).toContainEqual(expect.stringContaining(expected));
});

it('reports missing recordings of steps and of acknowledgements', () => {
  const problems = problemsOf(scenarioOf(sound), {
    audioExists: (audioPath) => audioPath.endsWith('bye.wav'),
  });
  expect(problems).toEqual([
    'error: step "hello", field "audio_path": the recording demo/base/ask.wav does not exist',
    'error: field "builtins.opt_out": the recording demo/base/opt_out.wav does not exist',
    'error: field "builtins.wrong_number": the recording demo/base/wrong_number.wav does not exist',
    'error: field "builtins.callback": the recording demo/base/callback.wav does not exist',
  ]);
});

it('refuses under the strict rule what it warns of otherwise', () => {
  const silent = scenarioOf({ ...sound, hello: asking({ affirm: 'bye', '*': 'no' }) });
  expect(problemsOf(silent, { disclosure: 'strict' })).toEqual([
    expect.stringContaining('error: field "steps": no step has "automated" in "discloses"'),
    expect.stringContaining('error: field "steps": no step has "caller" in "discloses"'),
    expect.stringContaining('error: field "steps": no step has "opposition" in "discloses"'),
  ]);
  expect(problemsOf(scenarioOf(sound), { disclosure: 'strict' })).toEqual([]);
});

it('takes what several opening steps say together', () => {
  const said = { type: 'audio', audio_path: 'demo/base/say.wav', timeout: 0 };
  const steps = {
    hello: {
      ...said,
      text: 'Bonjour, ceci est un message enregistré.',
      discloses: ['automated'],
      transitions: { '*': 'who' },
    },
    who: asking(
      { affirm: 'bye', '*': 'no' },
      {
        text: 'Je vous appelle de la part de la mairie. Dites stop pour vous opposer. Oui ?',
        discloses: ['caller', 'opposition'],
      },
    ),
    ...{ bye, no },
  };
  expect(problemsOf(scenarioOf(steps), { disclosure: 'strict' })).toEqual([]);
});

it('looks for the recording of the message for machines, and at its text', () => {
  const scenario = scenarioOf(sound, {
    voicemail: { action: 'leave_message', audio_path: 'demo/base/message.wav', text: 'Bonjour {{prenom}}.' },
  });
  expect(problemsOf(scenario, { audioExists: (file) => file !== 'demo/base/message.wav' })).toEqual([
    expect.stringMatching(/^warning: field "voicemail.text": names the unknown variable/),
    'error: field "voicemail.audio_path": the recording demo/base/message.wav does not exist',
  ]);
});
