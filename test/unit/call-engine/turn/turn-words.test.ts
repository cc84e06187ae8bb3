import { describe, expect, it } from 'vitest';
import type { Transcript } from '../../../../src/call-engine/ports.ts';
import { TurnWords } from '../../../../src/call-engine/turn/turn-words.ts';

const said = (text: string, confidence = 1): Transcript => ({
  text,
  confidence,
  words: [],
  hasUnknownWords: false,
});

interface Decoding {
  transcript: Promise<Transcript>;
  decode: (words: Transcript) => void;
}

function decoding(): Decoding {
  let decode: (words: Transcript) => void = () => undefined;
  const transcript = new Promise<Transcript>((resolve) => {
    decode = resolve;
  });
  return { transcript, decode };
}

describe('TurnWords', () => {
  it('start, partial, end, decoded: the decoded words take the place of the partial ones', async () => {
    let nowMs = 100;
    const words = new TurnWords(() => nowMs);
    const { transcript, decode } = decoding();
    words.beginStretch();
    words.setPartial('je dois en');
    words.endStretch(transcript);
    expect(words.text).toBe('je dois en');
    expect(words.isUnsettled).toBe(true);
    expect(words.decoded).toBeNull();
    nowMs = 340;
    decode(said('je dois en parler'));
    expect(await words.whole()).toEqual({ ...said('je dois en parler'), atMs: 340 });
    expect(words.text).toBe('je dois en parler');
    expect(words.isUnsettled).toBe(false);
  });

  it('start, end, start, partial, decoded: keeps what is being said after what was decoded late', async () => {
    const words = new TurnWords(() => 0);
    const { transcript, decode } = decoding();
    words.beginStretch();
    words.setPartial('oui');
    words.endStretch(transcript);
    words.beginStretch();
    words.setPartial('plutôt');
    decode(said('oui euh'));
    await transcript;
    expect(words.text).toBe('oui euh plutôt');
    expect(words.decoded).toMatchObject({ text: 'oui euh' });
    expect(words.isUnsettled).toBe(true);
  });

  it('end, partial: a partial that comes after its stretch is not taken for new words', () => {
    const words = new TurnWords(() => 0);
    words.beginStretch();
    words.endStretch(decoding().transcript);
    words.setPartial('oui');
    expect(words.text).toBe('');
  });

  it('joins the stretches, each word counting the same in the confidence', async () => {
    const words = new TurnWords(() => 0);
    for (const part of [said('non', 0.4), said(''), said("ça m'intéresse pas", 0.8)]) {
      words.beginStretch();
      words.endStretch(Promise.resolve(part));
    }
    const whole = await words.whole();
    expect(whole.text).toBe("non ça m'intéresse pas");
    expect(whole.confidence).toBeCloseTo(0.7);
  });
});
