import { z } from 'zod';

const milliseconds = z.number().int().min(0);
const names = z.array(z.string().min(1));

/** What the far end's network and handset do with the call. */
const leg = z
  .discriminatedUnion('then', [
    z.strictObject({
      then: z.literal('answer'),
      ringMs: milliseconds.default(800),
      /** A 183 with sound instead of a 180. */
      earlyMedia: z.boolean().default(false),
    }),
    z.strictObject({
      then: z.literal('refuse'),
      ringMs: milliseconds.default(0),
      sipStatus: z.number().int().min(400).max(699),
      q850Reason: z.number().int().nullable().default(null),
    }),
    z.strictObject({ then: z.literal('ring') }),
    z.strictObject({ then: z.literal('mute') }),
  ])
  .default({ then: 'answer', ringMs: 800, earlyMedia: false });

const doings = {
  /** Clip names of simulator/audio, said one after the other. */
  says: z.union([z.string(), names]).default([]),
  /** Repeats what it says for ever: background noise. */
  loops: z.boolean().default(false),
  hangsUp: z.boolean().default(false),
  digits: z
    .string()
    .regex(/^[0-9*#A-D]*$/)
    .default(''),
  /** How often this reaction may happen in one call. */
  times: z.number().int().min(1).optional(),
};

/**
 * One reaction. Prompts are named by file name; `*` stands for anything within a name, and a name may have folders
 * before it (`objections/*`). Of several `hears` (or `cut`) that fit, the first that is not used up happens.
 */
const reaction = z.union([
  /** Milliseconds after the answer. */
  z.strictObject({ onAnswer: milliseconds, ...doings }),
  /** The prompt was heard to its end. */
  z.strictObject({ hears: z.string(), afterMs: milliseconds.default(400), ...doings }),
  /** The prompt has reached this position. */
  z.strictObject({ during: z.string(), atMs: milliseconds, ...doings }),
  /** The bot stopped the prompt before its end. */
  z.strictObject({ cut: z.string(), afterMs: milliseconds.default(400), ...doings }),
  /** Nobody has said anything for this long. */
  z.strictObject({ idleMs: milliseconds.min(100), ...doings }),
]);

/** Checked when the call is over; what is not met is written into the record. */
const expectations = z.strictObject({
  /** Prompts that must start, in this order (others may come between). */
  hears: names.default([]),
  /** Prompts that must not start. */
  neverHears: names.default([]),
  /** Prompts that must be stopped before their end. */
  cuts: names.default([]),
  endedBy: z.enum(['callee', 'caller']).optional(),
  /** Longest time in which nobody says anything. */
  maxSilenceMs: milliseconds.optional(),
});

const attempt = z.strictObject({
  leg,
  script: z.array(reaction).default([]),
  expects: expectations.default({ hears: [], neverHears: [], cuts: [] }),
});

/** A person or machine that can be called. The n-th call gets the n-th attempt; the last one repeats. */
export const personaSchema = z.strictObject({
  description: z.string().min(1),
  attempts: z.array(attempt).min(1),
});

/** Which number is whom. Numbers in E.164 with leading `+`. */
export const populationSchema = z.strictObject({
  $comment: z.string().optional(),
  numbers: z.record(z.string().regex(/^\+[1-9]\d{5,14}$/), z.string()),
});

export type Persona = z.infer<typeof personaSchema>;
export type Attempt = Persona['attempts'][number];
export type Reaction = Attempt['script'][number];
export type Expectations = Attempt['expects'];
