import { describe, expect, it } from 'vitest';
import { VoicemailMessage } from '../../../../src/call-engine/turn/voicemail-message.ts';

interface Stretch {
  ms: number;
  voiced?: boolean;
  text?: string;
  beep?: boolean;
}

const GREETING = 'vous êtes bien sur la messagerie de sophie martin laissez un message';

/** The decision and when it came; null when none did. */
function waitFor(stretches: Stretch[]) {
  const voicemail = new VoicemailMessage({
    afterGreetingSilenceMs: 2000,
    afterBeepMs: 400,
    maxWaitMs: 30_000,
  });
  let nowMs = 0;
  for (const { ms, voiced = false, text = '', beep = false } of stretches) {
    for (let passed = 0; passed < ms; passed += 20) {
      nowMs += 20;
      const decision = voicemail.advance({ nowMs, isVoiced: voiced, text, beepHeard: beep && passed === 0 });
      if (decision !== null) return { decision, nowMs };
    }
  }
  return null;
}

describe('VoicemailMessage', () => {
  it('speaks soon after the beep', () => {
    const text = GREETING;
    expect(
      waitFor([
        { ms: 4000, voiced: true, text },
        { ms: 800, text },
        { ms: 3000, text, beep: true },
      ]),
    ).toEqual({ decision: 'speak', nowMs: 5220 });
  });

  it('waits while the greeting goes on', () => {
    expect(waitFor([{ ms: 20_000, voiced: true, text: GREETING }])).toBeNull();
  });

  it('speaks after the greeting where no beep comes', () => {
    expect(
      waitFor([
        { ms: 4000, voiced: true, text: GREETING },
        { ms: 5000, text: GREETING },
      ]),
    ).toEqual({ decision: 'speak', nowMs: 6000 });
  });

  it('goes on waiting when words follow the tone', () => {
    const text = GREETING;
    expect(
      waitFor([
        { ms: 1000, voiced: true, text },
        { ms: 300, text, beep: true },
        { ms: 3000, voiced: true, text },
        { ms: 1000, text },
      ]),
    ).toBeNull();
  });

  it.each([
    'la messagerie de votre correspondant est pleine',
    "le numéro que vous avez demandé n'est pas attribué",
    "le numéro composé n'est plus en service",
    'la ligne de votre correspondant est suspendue',
    "l'abonné que vous appelez n'est pas joignable",
    'tous nos conseillers sont en ligne veuillez patienter',
    'dites votre nom et la raison de votre appel après le bip',
    "la boîte vocale n'est pas encore configurée",
  ])('says nothing to what records nothing: « %s »', (text) => {
    expect(
      waitFor([
        { ms: 3000, voiced: true, text },
        { ms: 3000, text, beep: true },
      ])?.decision,
    ).toBe('refuse');
  });

  it('says nothing where neither a beep nor a word asks for a message', () => {
    const text = 'votre correspondant est indisponible';
    expect(
      waitFor([
        { ms: 3000, voiced: true, text },
        { ms: 3000, text },
      ]),
    ).toEqual({ decision: 'refuse', nowMs: 5000 });
  });

  it('gives up a greeting without end', () => {
    expect(waitFor([{ ms: 40_000, voiced: true, text: GREETING }])).toEqual({
      decision: 'refuse',
      nowMs: 30_000,
    });
  });
});
