import { describe, expect, it } from 'vitest';
import { withoutDoubtfulConsent } from '../../../../src/call-engine/intent/doubtful-consent.ts';
import type { Intent } from '../../../../src/call-engine/intent/intents.ts';
import type { IntentVerdict } from '../../../../src/call-engine/ports.ts';

function taken(intent: Intent, text: string, heard: number, confidence = 0.97): Intent {
  const verdict: IntentVerdict = { intent, confidence, method: 'local' };
  return withoutDoubtfulConsent(verdict, text, heard).intent;
}

describe('withoutDoubtfulConsent', () => {
  it.each([
    ['oui', 0.9, 'affirm'],
    ['oui', 0.65, 'affirm'],
    ['oui', 0.64, 'not_understood'],
    ['un temps', 0.3, 'not_understood'],
    ['oui allez-y je vous écoute', 0.55, 'affirm'],
    ['oui allez-y je vous écoute', 0.4, 'not_understood'],
    ['oui', 0, 'not_understood'],
  ] as const)('consent "%s", heard with %d: %s', (text, heard, intent) => {
    expect(taken('affirm', text, heard)).toBe(intent);
  });

  it('asks again where the meaning of an uncertain sentence is uncertain too', () => {
    expect(taken('affirm', 'le temps de la maison', 0.55, 0.6)).toBe('not_understood');
  });

  it.each(['deny', 'opt_out', 'callback', 'machine'] as const)('believes %s however faint', (intent) => {
    expect(taken(intent, 'non', 0.1)).toBe(intent);
  });
});
