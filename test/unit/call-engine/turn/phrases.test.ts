import { describe, expect, it } from 'vitest';
import {
  echoesPrompt,
  endsUnfinished,
  isBackchannel,
  isBareAnswer,
  isShortAnswer,
} from '../../../../src/call-engine/turn/phrases.ts';

describe('phrases', () => {
  it('knows what one says to show that one listens', () => {
    for (const text of ['mm', 'oui', "bon d'accord", 'très bien', 'tout à fait', 'euh']) {
      expect(isBackchannel(text), text).toBe(true);
    }
    for (const text of ['', 'non', 'oui mais attendez', 'ne quittez pas', 'oui oui oui oui']) {
      expect(isBackchannel(text), text).toBe(false);
    }
  });

  it('knows where no French sentence ends', () => {
    for (const text of ['parce que', 'oui mais', "j'aimerais", 'je dois voir avec', 'euh']) {
      expect(endsUnfinished(text), text).toBe(true);
    }
    for (const text of ['', 'si', 'plutôt mardi', "c'est trop cher"]) {
      expect(endsUnfinished(text), text).toBe(false);
    }
  });

  it('tells a bare yes from an answer', () => {
    expect(isShortAnswer('non merci')).toBe(true);
    expect(isBareAnswer('oui')).toBe(true);
    expect(isBareAnswer('mardi')).toBe(false);
  });

  it('knows the prompt by its words, also through mistakes, and not by one of them', () => {
    const prompt = 'L’or peut diversifier une épargne, mais son cours varie.';
    expect(echoesPrompt("l'or peut j'ai une épargne", prompt)).toBe(true);
    expect(echoesPrompt('varie cours épargne peut', prompt)).toBe(false);
    expect(echoesPrompt('épargne', prompt)).toBe(false);
    expect(echoesPrompt('je ne suis pas intéressé', prompt)).toBe(false);
  });
});
