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
  /** Ids of standard objections that this one answers in its theme; always the one of the same id. */
  insteadOf: readonly string[];
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
  /** What callees say that is none of these, though it may sound like one. */
  none: readonly string[];
  objections: readonly Objection[];
}

/** What a theme may be called: it is a file name. */
export const THEME_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

const id = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be a letter, then lower-case letters, digits or _');
const phrase = z.string().trim().min(2).max(200);

const objection = z.strictObject({
  id,
  category: z.enum(CATEGORIES),
  objection: z.string().trim().min(3).max(200),
  phrasings: z.array(phrase).max(100).default([]),
  instead_of: z.array(id).max(20).default([]),
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
    none: z.array(phrase).max(1000).default([]),
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
    none: file.none,
    objections: file.objections.map(({ audio_file, instead_of, ...rest }) => ({
      ...rest,
      insteadOf: instead_of,
      audioFile: audio_file,
    })),
  }));
