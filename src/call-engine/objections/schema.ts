import { z } from 'zod';

const CATEGORIES = [
  'price',
  'trust',
  'time',
  'need',
  'risk',
  'competitor',
  'decision',
  'practical',
  'info',
  'legal',
] as const;

/** One objection (or question) that callees raise, and the recorded answer to it. */
export interface Objection {
  /** Unique in its theme. */
  id: string;
  category: (typeof CATEGORIES)[number];
  /** As shown to people; also the first phrasing. */
  objection: string;
  /** Other ways of saying it, as spoken on the phone. */
  phrasings: readonly string[];
  /** What the recording says. */
  response: string;
  /** File in `<voice>/objections/` of the sounds directory. */
  audioFile: string;
}

/** A set of objections that belong together; one file of the objections directory. */
export interface ObjectionTheme {
  /** Name of its file without `.json`; what scenarios name in `theme`. */
  theme: string;
  title: string;
  objections: readonly Objection[];
}

/** What a theme may be called: it is a file name. */
export const THEME_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

const objection = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be a letter, then lower-case letters, digits or _'),
  category: z.enum(CATEGORIES),
  objection: z.string().trim().min(3).max(200),
  phrasings: z.array(z.string().trim().min(2).max(200)).max(50).default([]),
  response: z.string().trim().min(1).max(1000),
  audio_file: z
    .string()
    .max(100)
    .regex(/^[A-Za-z0-9_-][A-Za-z0-9_.-]*\.wav$/, 'must be a file name such as or_risky.wav, without folder'),
});

/** The JSON value of a theme file. */
export const objectionThemeFile = z
  .strictObject({
    $schema: z.string().optional(),
    theme: z.string().regex(THEME_NAME, 'must be lower-case letters, digits, _ or -'),
    title: z.string().trim().min(1).max(200),
    objections: z.array(objection).min(1).max(500),
  })
  .superRefine((file, context) => {
    const seen = new Set<string>();
    for (const [index, { id }] of file.objections.entries()) {
      if (seen.has(id)) {
        context.addIssue({
          code: 'custom',
          path: ['objections', index, 'id'],
          message: `"${id}" is used twice`,
        });
      }
      seen.add(id);
    }
  })
  .transform((file): ObjectionTheme => ({
    theme: file.theme,
    title: file.title,
    objections: file.objections.map(({ audio_file, ...rest }) => ({ ...rest, audioFile: audio_file })),
  }));
