import { z } from 'zod';
import type { Transcript, TranscriptWord } from '../../ports.ts';

const wordSchema = z.object({ word: z.string(), start: z.number(), end: z.number(), conf: z.number() });
const finalSchema = z.object({ text: z.string(), result: z.array(wordSchema).default([]) });
const partialSchema = z.object({ partial: z.string() });

/** What models write for sounds that are no word of theirs. */
const UNKNOWN_TOKENS: ReadonlySet<string> = new Set(['[unk]', '<unk>']);
/** Other bracketed tokens (`[noise]`, `<spoken_noise>`) are no speech at all. */
const isBracketed = (token: string): boolean => /^[[<].*[\]>]$/.test(token);

export const EMPTY_TRANSCRIPT: Readonly<Transcript> = {
  text: '',
  confidence: 0,
  words: [],
  hasUnknownWords: false,
};

/** One stretch of an utterance between two of the engine's own end points. */
export interface RecognizedPart {
  text: string;
  words: TranscriptWord[];
  hasUnknownWords: boolean;
}

/** Reads a result of the engine. `originMs` is subtracted: the engine counts from the recogniser's birth. Throws on anything else. */
export function parseResult(json: string, originMs: number): RecognizedPart {
  const { text, result } = finalSchema.parse(JSON.parse(json));
  const words = result
    .filter(({ word }) => !isBracketed(word.toLowerCase()))
    .map(({ word, start, end, conf }) => ({
      word: word.toLowerCase(),
      startMs: Math.max(0, Math.round(start * 1000 - originMs)),
      endMs: Math.max(0, Math.round(end * 1000 - originMs)),
      confidence: Math.min(1, Math.max(0, conf)),
    }));
  return { ...cleanText(text), words };
}

/** The text of a partial result. Throws on anything else. */
export function parsePartial(json: string): string {
  return cleanText(partialSchema.parse(JSON.parse(json)).partial).text;
}

/** The whole utterance from its parts, in order. */
export function joinParts(parts: readonly RecognizedPart[]): Transcript {
  const words = parts.flatMap((part) => part.words);
  const confidences = words.map((word) => word.confidence);
  return {
    text: joinTexts(parts.map((part) => part.text)),
    confidence:
      confidences.length === 0 ? 0 : confidences.reduce((sum, each) => sum + each, 0) / confidences.length,
    words,
    hasUnknownWords: parts.some((part) => part.hasUnknownWords),
  };
}

export function joinTexts(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(' ');
}

function cleanText(text: string): { text: string; hasUnknownWords: boolean } {
  const tokens = text.toLowerCase().split(/\s+/);
  return {
    text: tokens.filter((token) => token !== '' && !isBracketed(token)).join(' '),
    hasUnknownWords: tokens.some((token) => UNKNOWN_TOKENS.has(token)),
  };
}
