import { describe, expect, it } from 'vitest';

import type { Attempt } from '../../../simulator/callers/persona-schema.ts';
import { personaSchema } from '../../../simulator/callers/persona-schema.ts';
import { ScriptedCallee } from '../../../simulator/callers/scripted-callee.ts';
import { Clip } from '../../../simulator/media/clip.ts';

/** A callee with this script on a line that notes what it does and when. */
function callee(attempt: Record<string, unknown>): {
  callee: ScriptedCallee;
  did: string[];
  speaking: { now: boolean };
  prompt: (name: string, options: { atMs: number; playsMs: number; of?: number }) => void;
} {
  const parsed: Attempt | undefined = personaSchema.parse({ description: 'test', attempts: [attempt] })
    .attempts[0];
  if (parsed === undefined) throw new Error('no attempt');
  const did: string[] = [];
  const speaking = { now: false };
  let nowMs = 0;
  const clip = (name: string): Clip => new Clip({ name, text: '', samples: new Int16Array(160) });
  const scripted = new ScriptedCallee({ persona: 'test', attempt: parsed, clip });
  scripted.answered(
    {
      say: (said) => did.push(`${nowMs} says ${said.name}`),
      isSpeaking: () => speaking.now,
      hangUp: () => did.push(`${nowMs} hangs up`),
      sendDigits: (digits) => did.push(`${nowMs} sends ${digits}`),
    },
    0,
  );
  const tickTo = (atMs: number): void => {
    while (nowMs < atMs) {
      nowMs += 20;
      scripted.tick(nowMs);
    }
  };
  return {
    callee: scripted,
    did,
    speaking,
    prompt: (name, { atMs, playsMs, of = playsMs }) => {
      tickTo(atMs);
      if (playsMs === 0) return;
      const prompt = { argument: name, path: `/sounds/demo/base/${name}`, positionMs: 0, durationMs: of };
      scripted.promptStarted(prompt, nowMs);
      while (prompt.positionMs < playsMs) {
        prompt.positionMs += 20;
        scripted.promptAdvanced(prompt);
        tickTo(nowMs + 20);
      }
      scripted.promptEnded(prompt, playsMs < of ? 'break' : 'done', nowMs);
    },
  };
}

const idle = { atMs: 20_000, playsMs: 0 };

describe('ScriptedCallee', () => {
  it('speaks after the answer and when it has heard a prompt to its end', () => {
    const { did, prompt } = callee({
      script: [
        { onAnswer: 400, says: 'allo.wav' },
        { hears: 'hello.wav', afterMs: 500, says: 'oui.wav' },
      ],
    });
    prompt('hello.wav', { atMs: 1000, playsMs: 2000 });
    prompt('', idle);
    expect(did).toEqual(['400 says allo.wav', '3500 says oui.wav']);
  });

  it('does not answer a prompt that was stopped, unless the script says so', () => {
    const { did, prompt } = callee({
      script: [
        { hears: '*', says: 'oui.wav' },
        { cut: 'pitch.wav', afterMs: 0, says: 'pardon.wav' },
      ],
    });
    prompt('hello.wav', { atMs: 100, playsMs: 500, of: 2000 });
    prompt('pitch.wav', { atMs: 1000, playsMs: 500, of: 2000 });
    prompt('', idle);
    expect(did).toEqual(['1520 says pardon.wav']);
  });

  it('takes the first fitting reaction that is not used up', () => {
    const { did, prompt } = callee({
      script: [
        { hears: 'pitch.wav', afterMs: 0, says: 'trop-cher.wav', times: 1 },
        { hears: 'bye*' },
        { hears: '*', afterMs: 0, says: 'oui.wav' },
      ],
    });
    prompt('pitch.wav', { atMs: 0, playsMs: 100 });
    prompt('pitch.wav', { atMs: 1000, playsMs: 100 });
    prompt('bye_not_interested.wav', { atMs: 2000, playsMs: 100 });
    prompt('', idle);
    expect(did.map((each) => each.split(' ').at(-1))).toEqual(['trop-cher.wav', 'oui.wav']);
  });

  it('matches folders when the pattern has them', () => {
    const { did, prompt } = callee({ script: [{ hears: 'base/h*.wav', afterMs: 0, says: 'oui.wav' }] });
    prompt('pitch.wav', { atMs: 0, playsMs: 100 });
    prompt('hello.wav', { atMs: 1000, playsMs: 100 });
    prompt('', idle);
    expect(did).toHaveLength(1);
  });

  it('interrupts at a position of the prompt, not of the clock', () => {
    const { did, prompt } = callee({
      script: [{ during: 'pitch.wav', atMs: 1500, says: 'oui.wav', times: 1 }],
    });
    prompt('pitch.wav', { atMs: 3000, playsMs: 4000 });
    prompt('pitch.wav', { atMs: 9000, playsMs: 4000 });
    expect(did).toEqual(['4480 says oui.wav']);
  });

  it('hangs up once nobody has said anything for long enough, once', () => {
    const { did, speaking, prompt } = callee({ script: [{ idleMs: 3000, hangsUp: true }] });
    prompt('hello.wav', { atMs: 2000, playsMs: 2000 });
    speaking.now = true;
    prompt('', { atMs: 6000, playsMs: 0 });
    speaking.now = false;
    prompt('', idle);
    expect(did).toEqual(['9000 hangs up']);
  });

  it('reports every expectation that was not met', () => {
    const { callee: scripted, prompt } = callee({
      script: [],
      expects: {
        hears: ['hello.wav', 'confirm_time.wav'],
        neverHears: ['pitch.wav'],
        cuts: ['hello.wav'],
        endedBy: 'caller',
        maxSilenceMs: 1000,
      },
    });
    prompt('hello.wav', { atMs: 0, playsMs: 100 });
    prompt('pitch.wav', { atMs: 2000, playsMs: 100 });
    expect(scripted.ended('callee')).toEqual([
      'did not hear confirm_time.wav (heard: hello.wav, pitch.wav)',
      'heard pitch.wav',
      'hello.wav was not stopped',
      'ended by callee, not by caller',
      expect.stringMatching(/^1\d\d\d ms of silence, at most 1000 ms expected$/),
    ]);
  });

  it('reports nothing when all went as expected', () => {
    const { callee: scripted, prompt } = callee({
      script: [],
      expects: { hears: ['hello.wav', 'bye.wav'], cuts: ['hello.wav'], endedBy: 'caller' },
    });
    prompt('hello.wav', { atMs: 0, playsMs: 100, of: 2000 });
    prompt('retry_hello.wav', { atMs: 500, playsMs: 100 });
    prompt('bye.wav', { atMs: 1000, playsMs: 100 });
    expect(scripted.ended('caller')).toEqual([]);
  });
});
