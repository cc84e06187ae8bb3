import { describe, expect, it } from 'vitest';
import { classifyLocally } from '../../../../src/call-engine/intent/local-classifier.ts';
import { Rehearsal } from '../../../../src/call-engine/scenario/rehearsal.ts';
import { parseScenario } from '../../../../src/call-engine/scenario/schema.ts';
import { asking, final } from '../../../helpers/scenarios.ts';

function rehearse() {
  const parsed = parseScenario(
    'mine',
    {
      name: 'Mine',
      steps: {
        hello: asking({ affirm: 'note', deny: 'bye', '*': 'hello' }),
        note: { type: 'audio', audio_path: 'demo/base/n.wav', timeout: 0, transitions: { '*': 'ask' } },
        ask: asking({ affirm: 'yes', '*': 'bye' }, { barge_in: false }),
        yes: final('success'),
        bye: final('not_interested'),
      },
    },
    { voice: 'demo', listenTimeoutMs: 4000 },
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return new Rehearsal({
    scenario: parsed.scenario,
    classifier: { classify: ({ text, question }) => Promise.resolve(classifyLocally(text, question)) },
    matchObjection: () => null,
    signal: new AbortController().signal,
  });
}

const say = (text: string, over = false) => ({ type: 'said' as const, text, over });

describe('Rehearsal', () => {
  it('plays the prompts that nobody answers on the way to the next question', async () => {
    const rehearsal = rehearse();
    expect(rehearsal.start()).toMatchObject({ prompts: [{ label: 'hello' }], waitsMs: 4000, ending: null });
    expect(await rehearsal.answer(say('oui bien sûr'))).toMatchObject({
      fromStepId: 'hello',
      verdict: { intent: 'affirm' },
      prompts: [{ label: 'note' }, { label: 'ask' }],
      stepId: 'ask',
    });
    expect(await rehearsal.answer(say('oui'))).toMatchObject({
      prompts: [{ label: 'yes' }],
      waitsMs: null,
      ending: { result: 'success', reason: 'final-step' },
    });
  });

  it('takes a silence for what it is', async () => {
    const rehearsal = rehearse();
    rehearsal.start();
    expect(await rehearsal.answer({ type: 'silence' })).toMatchObject({
      verdict: { intent: 'silence' },
      prompts: [{ label: 'hello' }],
    });
  });

  it('takes words over a prompt only where it gives way, but always a wish not to be called', async () => {
    const rehearsal = rehearse();
    rehearsal.start();
    expect(await rehearsal.answer(say('oui', true))).toMatchObject({ isIgnored: false, stepId: 'ask' });
    expect(await rehearsal.answer(say('oui', true))).toMatchObject({
      isIgnored: true,
      stepId: 'ask',
      prompts: [],
    });
    expect(await rehearsal.answer(say('ne me rappelez plus jamais', true))).toMatchObject({
      isIgnored: false,
      ending: { result: 'opt_out' },
    });
  });
});
