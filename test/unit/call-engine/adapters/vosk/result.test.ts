import { describe, expect, it } from 'vitest';
import { joinParts, parsePartial, parseResult } from '../../../../../src/call-engine/adapters/vosk/result.ts';

const word = (text: string, start: number, end: number, conf: number) => ({ word: text, start, end, conf });

describe('parseResult', () => {
  it('drops unknown words from text and words, and remembers that there were some', () => {
    const part = parseResult(
      JSON.stringify({ text: '[unk] Oui', result: [word('[unk]', 1, 1.2, 0.4), word('Oui', 1.2, 1.5, 0.9)] }),
      0,
    );
    expect(part).toEqual({
      text: 'oui',
      hasUnknownWords: true,
      words: [{ word: 'oui', startMs: 1200, endMs: 1500, confidence: 0.9 }],
    });
  });

  it('counts word times from the start of the utterance', () => {
    const part = parseResult(JSON.stringify({ text: 'oui', result: [word('oui', 12.5, 12.8, 1)] }), 12_000);
    expect(part.words).toEqual([{ word: 'oui', startMs: 500, endMs: 800, confidence: 1 }]);
  });

  it.each(['', 'null', '{}', '{"text":1}', '{"text":"a","result":[{"word":"a"}]}', '<html>'])(
    'refuses %j',
    (json) => {
      expect(() => parseResult(json, 0)).toThrow();
    },
  );
});

describe('joinParts', () => {
  it('takes the mean confidence over the words of all parts', () => {
    const parts = [
      parseResult(
        JSON.stringify({ text: 'oui [noise]', result: [word('oui', 0, 1, 1), word('[noise]', 1, 2, 0)] }),
        0,
      ),
      parseResult(JSON.stringify({ text: '' }), 0),
      parseResult(JSON.stringify({ text: 'merci', result: [word('merci', 2, 3, 0.5)] }), 0),
    ];
    expect(joinParts(parts)).toMatchObject({ text: 'oui merci', confidence: 0.75, hasUnknownWords: false });
  });

  it('has no confidence in nothing', () => {
    expect(joinParts([])).toEqual({ text: '', confidence: 0, words: [], hasUnknownWords: false });
  });
});

it('cleans partials as results', () => {
  expect(parsePartial('{"partial":"oui [unk] je"}')).toBe('oui je');
});
