import { z } from 'zod';
import { INTENTS } from '../call-engine/intent/intents.ts';
import { folderName, MAX_TIMEOUT_S, stepId } from '../call-engine/scenario/schema.ts';
import { THEME_NAME } from '../call-engine/objections/schema.ts';

/** How a question is put once more to somebody who said nothing, or was not understood. */
export const RETRIES = [
  /** In other words, from a recording of its own. */
  'own',
  /** By the same recording. */
  'same',
  'none',
] as const;

/** Steps that are made beside the questions; `retry_<question>` are others. */
const MADE_STEPS = ['disclosure', 'handle_objection', 'bye', 'bye_not_interested', 'bye_silence'];

/** In the folder `base` of the voice. */
const audioFile = z
  .string()
  .max(100)
  .regex(/^(?!\.)[A-Za-z0-9_.-]+\.wav$/, 'must be a file name such as hello.wav, without spaces or accents');

const spoken = z.string().trim().min(1, 'must say what is said').max(2000);

/** A step that a question may be called. */
export const questionName = stepId.refine(
  (name) => !MADE_STEPS.includes(name) && !name.startsWith('retry_'),
  `must not be retry_… or one of ${MADE_STEPS.join(', ')}: those are made`,
);

const question = z.strictObject({
  step: questionName,
  /** Default: the step's name. */
  audio: audioFile.optional(),
  text: spoken,
  /** A refusal ends the call. */
  determinant: z.boolean().default(false),
  /** What is said when it is put again (`retry` "own"). */
  retry_text: spoken.optional(),
  /** In place of where answers lead by themselves. */
  transitions: z.partialRecord(z.enum(INTENTS), stepId).default({}),
});

const recorded = z.strictObject({ text: spoken, audio: audioFile.optional() });

/** What somebody who makes a scenario is asked; `create-scenario --from-json` reads it. */
const scenarioPlan = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    description: z.string().trim().max(2000).default(''),
    voice: folderName,
    theme: z
      .string()
      .regex(THEME_NAME, 'must be the name of an objection theme, such as or')
      .default('standard'),
    max_autonomous_turns: z.int().min(0).max(5).default(3),
    /** Seconds; default: `LISTEN_TIMEOUT`. */
    timeout: z.number().min(1).max(MAX_TIMEOUT_S).optional(),
    barge_in: z.boolean().default(true),
    retry: z.enum(RETRIES).default('own'),
    questions: z.array(question).min(1).max(20),
    /** For whom it is called: enough to say what must be said before anything is asked. */
    caller: z.string().trim().min(1).max(100).optional(),
    /** The same in words of one's own. */
    disclosure: recorded.optional(),
    /** Calls are recorded, and people are told. */
    recording_notice: z.boolean().default(false),
    /** Said to somebody who does not want to be called again. */
    opt_out_text: spoken.optional(),
    goodbye: z
      .strictObject({ success: spoken.optional(), refusal: spoken.optional(), silence: spoken.optional() })
      .default({}),
    /** Left on an answering machine; absent hangs up on one. */
    voicemail: recorded.optional(),
  })
  .superRefine(({ questions }, context) => {
    const seen = new Set<string>();
    for (const [index, { step }] of questions.entries()) {
      if (seen.has(step)) {
        context.addIssue({
          code: 'custom',
          path: ['questions', index, 'step'],
          message: `"${step}" is used twice`,
        });
      }
      seen.add(step);
    }
  });

export type ScenarioPlan = z.infer<typeof scenarioPlan>;
export type PlannedQuestion = ScenarioPlan['questions'][number];
export type Retry = (typeof RETRIES)[number];

/** As somebody writes it: what has a default may be left out. */
export type ScenarioPlanInput = z.input<typeof scenarioPlan>;

export type ReadPlan = { ok: true; plan: ScenarioPlan } | { ok: false; faults: string[] };

/** Every fault with its field: `questions[1].text: must say what is said`. */
export function readPlan(value: unknown): ReadPlan {
  const parsed = scenarioPlan.safeParse(value);
  if (parsed.success) return { ok: true, plan: parsed.data };
  return { ok: false, faults: parsed.error.issues.map(describe) };
}

function describe({ path, message }: z.core.$ZodIssue): string {
  const field = path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
  return field === '' ? message : `${field}: ${message}`;
}

/** A file name for a scenario of this name: `Vente d’or` → `vente_d_or`. Empty where no letter of it can be used. */
export function idFor(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 64);
}
