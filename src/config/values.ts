import { z } from 'zod';

/**
 * Readers of one variable each: text of the environment in, typed value out. Absent gives the fallback. The message of a
 * fault is what is allowed; `loadConfig` adds the name and what was given.
 */
export function value<T, F>(allowed: string, fallback: F, read: (text: string) => T | undefined) {
  return z
    .string()
    .optional()
    .transform((text, context): T | F => {
      if (text === undefined) return fallback;
      const typed = read(text);
      if (typed !== undefined) return typed;
      context.addIssue({ code: 'custom', message: allowed });
      return z.NEVER;
    });
}

export function text<F extends string | null>(fallback: F) {
  return value('any text', fallback, (given) => given);
}

export function matching<F extends string | null>(pattern: RegExp, allowed: string, fallback: F) {
  return value(allowed, fallback, (given) => (pattern.test(given) ? given : undefined));
}

export function wholeNumber<F extends number | null>(range: { min: number; max: number }, fallback: F) {
  return value(`a whole number from ${range.min} to ${range.max}`, fallback, (given) => {
    const number = numberIn(given, range);
    return Number.isInteger(number) ? number : undefined;
  });
}

export function decimal(range: { min: number; max: number }, fallback: number) {
  return value(`a number from ${range.min} to ${range.max}`, fallback, (given) => numberIn(given, range));
}

/** A duration that is written in seconds; milliseconds from here on. */
export function seconds(range: { min: number; max: number }, fallbackS: number) {
  return value(`seconds, from ${range.min} to ${range.max}`, fallbackS * 1000, (given) => {
    const number = numberIn(given, range);
    return number === undefined ? undefined : Math.round(number * 1000);
  });
}

export function milliseconds(range: { min: number; max: number }, fallback: number) {
  return value(`whole milliseconds, from ${range.min} to ${range.max}`, fallback, (given) => {
    const number = numberIn(given, range);
    return Number.isInteger(number) ? number : undefined;
  });
}

const TRUE = ['true', 'yes', 'on', '1'];
const FALSE = ['false', 'no', 'off', '0'];

export function flag<F extends boolean | null>(fallback: F) {
  return value('true or false', fallback, (given) => {
    const word = given.toLowerCase();
    if (TRUE.includes(word)) return true;
    return FALSE.includes(word) ? false : undefined;
  });
}

/** One of some words, in any case. */
export function choice<const T extends string, F extends T | null>(words: readonly T[], fallback: F) {
  return value(words.join(', '), fallback, (given) => words.find((word) => word === given.toLowerCase()));
}

export function port<F extends number | null>(fallback: F) {
  return wholeNumber({ min: 1, max: 65_535 }, fallback);
}

export function url<F extends string | null>(protocols: readonly string[], example: string, fallback: F) {
  return value(`an address such as ${example}`, fallback, (given) =>
    URL.canParse(given) && protocols.includes(new URL(given).protocol) ? given : undefined,
  );
}

function numberIn(given: string, { min, max }: { min: number; max: number }): number | undefined {
  if (!/^[+-]?\d+(\.\d+)?$/.test(given)) return undefined;
  const number = Number(given);
  return number >= min && number <= max ? number : undefined;
}
