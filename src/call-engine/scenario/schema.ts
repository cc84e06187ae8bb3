import { z } from 'zod';
import { INTENTS, type Intent } from '../intent/intents.ts';
import { DISCLOSURES, REQUIRED_DISCLOSURES, type Disclosure } from '../ports.ts';
import { THEME_NAME } from '../objections/schema.ts';

/** A scenario as the call engine walks it: complete, durations in milliseconds. Made by `parseScenario` only. */
export interface Scenario {
  /** Name of its file without `.json`. */
  id: string;
  name: string;
  description: string;
  voice: string;
  /** Objection database beside the standard one, e.g. `or`. */
  theme: string;
  /** Objections answered in one call, at most. */
  maxAutonomousTurns: number;
  startStepId: string;
  /** How long to wait after an answer to somebody who spoke at a step that does not listen. */
  listenTimeoutMs: number;
  builtins: Readonly<Record<BuiltinName, Recording>>;
  /** Left on an answering machine; null hangs up on one. */
  voicemailMessage: Recording | null;
  /** In the order of the file. */
  steps: ReadonlyMap<string, Step>;
}

export type Step = AudioStep | ObjectionHandlerStep;

export interface AudioStep extends Recording {
  type: 'audio';
  id: string;
  /** How long to wait for an answer; 0 does not listen. Always 0 on a final step. */
  timeoutMs: number;
  bargeIn: boolean;
  /** A refusal here ends the call, whatever `*` says. */
  isDeterminant: boolean;
  isFinal: boolean;
  /** Never null on a final step; without effect on another. */
  result: string | null;
  /** What it tells the person called of who calls them. */
  discloses: readonly Disclosure[];
  transitions: Transitions;
}

export interface ObjectionHandlerStep {
  type: 'objection_handler';
  id: string;
  /** Objections answered in one visit, at most. */
  maxAttempts: number;
  /** Null ends the call as `not_interested`. */
  fallbackStepId: string | null;
  /** Null asks the step again at which the objection was raised. */
  successStepId: string | null;
  /** Apply to what is said after an answer, before the handler's own rules. */
  transitions: Transitions;
}

export interface Recording {
  /** Relative to the sounds directory. */
  audioPath: string;
  /** What it says, `{{variables}}` not yet filled in. */
  text: string;
}

export type Transitions = Readonly<Partial<Record<Intent | '*', string>>>;

/** Prompts that the engine itself needs: acknowledgements before it ends a call. */
export const BUILTIN_NAMES = ['opt_out', 'wrong_number', 'callback'] as const;

export type BuiltinName = (typeof BUILTIN_NAMES)[number];

export const BUILTIN_TEXTS: Record<BuiltinName, string> = {
  opt_out: "C'est noté, vous ne serez plus appelé. Au revoir.",
  wrong_number: 'Excusez-nous pour cette erreur. Au revoir.',
  callback: "C'est noté, nous vous rappellerons plus tard. Au revoir.",
};

/** Used where the file is silent; from the configuration. */
export interface ScenarioDefaults {
  /** `DEFAULT_VOICE`. */
  voice: string;
  /** `LISTEN_TIMEOUT`. */
  listenTimeoutMs: number;
}

/** One thing wrong with a scenario. `step` and `field` are null where it concerns the whole file. */
export interface ScenarioFault {
  step: string | null;
  field: string | null;
  message: string;
}

export type ParsedScenario = { ok: true; scenario: Scenario } | { ok: false; faults: ScenarioFault[] };

/** Reads the JSON value of a scenario file. Does not look at where transitions lead: that is `checkScenario`. */
export function parseScenario(id: string, value: unknown, defaults: ScenarioDefaults): ParsedScenario {
  const parsed = scenarioFile.safeParse(value);
  if (!parsed.success) return { ok: false, faults: parsed.error.issues.map(faultOf) };
  return { ok: true, scenario: resolve(id, parsed.data, defaults) };
}

export const MAX_TIMEOUT_S = 15;
const DEFAULT_AUTONOMOUS_TURNS = 3;
const DEFAULT_MAX_ATTEMPTS = 3;
const DEFAULT_THEME = 'standard';

/** What a scenario may be called: the name of its file without `.json`. */
export const SCENARIO_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export const stepId = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'must be a step name: a letter, then letters, digits, _ or -');

export const folderName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be a folder name: letters, digits, _ or -');

/** No spaces, no `..`, no scheme: the path becomes an argument on the switch. */
const audioPath = z
  .string()
  .max(255)
  .regex(
    /^(?!\.)[A-Za-z0-9_.-]+(?:\/(?!\.)[A-Za-z0-9_.-]+)*$/,
    'must be a path below the sounds directory without spaces or accents, such as julie/base/hello.wav',
  );

const promptText = z.string().max(2000).default('');

const recording = z.strictObject({ audio_path: audioPath, text: promptText });

/** What to do when a machine answers. */
const voicemail = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('hang_up') }),
  z.strictObject({ action: z.literal('leave_message'), audio_path: audioPath, text: promptText }),
]);

const transitions = z.partialRecord(z.enum([...INTENTS, '*']), stepId).default({});

const audioStep = z
  .strictObject({
    type: z.literal('audio'),
    audio_path: audioPath,
    text: promptText,
    /** Seconds. */
    timeout: z.number().min(0).max(MAX_TIMEOUT_S).optional(),
    barge_in: z.boolean().optional(),
    is_determinant: z.boolean().default(false),
    is_final: z.boolean().default(false),
    result: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/, 'must be a result such as success: lower case, digits and _')
      .optional(),
    /** The short form of `discloses` with everything that must be said. */
    disclosure: z.boolean().default(false),
    discloses: z.array(z.enum(DISCLOSURES)).optional(),
    transitions,
  })
  .refine((step) => !step.is_final || step.result !== undefined, {
    path: ['result'],
    message: 'is missing: a final step must say its result, e.g. success or not_interested',
  });

const objectionHandlerStep = z.strictObject({
  type: z.literal('objection_handler'),
  max_attempts: z.int().min(1).max(10).default(DEFAULT_MAX_ATTEMPTS),
  fallback_step: stepId.optional(),
  success_step: stepId.optional(),
  transitions,
});

const scenarioFile = z
  .strictObject({
    $schema: z.string().optional(),
    name: z.string().min(1).max(200),
    description: z.string().max(2000).default(''),
    voice: folderName.optional(),
    theme: z
      .string()
      .regex(THEME_NAME, 'must be the name of an objection theme, such as or')
      .default(DEFAULT_THEME),
    max_autonomous_turns: z.int().min(0).max(5).default(DEFAULT_AUTONOMOUS_TURNS),
    start: stepId.optional(),
    builtins: z.partialRecord(z.enum(BUILTIN_NAMES), recording).default({}),
    voicemail: voicemail.default({ action: 'hang_up' }),
    steps: z.record(stepId, z.discriminatedUnion('type', [audioStep, objectionHandlerStep])),
  })
  .refine((file) => Object.keys(file.steps).length > 0, {
    path: ['steps'],
    message: 'must name at least one step',
  })
  .refine((file) => file.start === undefined || Object.hasOwn(file.steps, file.start), {
    path: ['start'],
    message: 'names no step of this scenario',
  });

type ScenarioFile = z.infer<typeof scenarioFile>;

function resolve(id: string, file: ScenarioFile, defaults: ScenarioDefaults): Scenario {
  const voice = file.voice ?? defaults.voice;
  const steps = new Map<string, Step>();
  for (const [stepName, step] of Object.entries(file.steps)) {
    steps.set(stepName, resolveStep(stepName, step, defaults));
  }
  return {
    id,
    name: file.name,
    description: file.description,
    voice,
    theme: file.theme,
    maxAutonomousTurns: file.max_autonomous_turns,
    startStepId: file.start ?? (steps.has('hello') ? 'hello' : (Object.keys(file.steps)[0] ?? 'hello')),
    listenTimeoutMs: defaults.listenTimeoutMs,
    builtins: {
      opt_out: resolveBuiltin('opt_out', file, voice),
      wrong_number: resolveBuiltin('wrong_number', file, voice),
      callback: resolveBuiltin('callback', file, voice),
    },
    voicemailMessage:
      file.voicemail.action === 'leave_message'
        ? { audioPath: file.voicemail.audio_path, text: file.voicemail.text }
        : null,
    steps,
  };
}

function resolveStep(id: string, step: ScenarioFile['steps'][string], defaults: ScenarioDefaults): Step {
  if (step.type === 'objection_handler') {
    return {
      type: 'objection_handler',
      id,
      maxAttempts: step.max_attempts,
      fallbackStepId: step.fallback_step ?? null,
      successStepId: step.success_step ?? null,
      transitions: step.transitions,
    };
  }
  const timeoutMs = step.timeout === undefined ? defaults.listenTimeoutMs : step.timeout * 1000;
  const listens = !step.is_final && timeoutMs > 0;
  return {
    type: 'audio',
    id,
    audioPath: step.audio_path,
    text: step.text,
    timeoutMs: listens ? timeoutMs : 0,
    bargeIn: step.barge_in ?? listens,
    isDeterminant: step.is_determinant,
    isFinal: step.is_final,
    result: step.result ?? null,
    discloses: step.discloses ?? (step.disclosure ? REQUIRED_DISCLOSURES : []),
    transitions: step.transitions,
  };
}

function resolveBuiltin(name: BuiltinName, file: ScenarioFile, voice: string): Recording {
  const own = file.builtins[name];
  if (own !== undefined) return { audioPath: own.audio_path, text: own.text };
  return { audioPath: `${voice}/base/${name}.wav`, text: BUILTIN_TEXTS[name] };
}

function faultOf(issue: z.core.$ZodIssue): ScenarioFault {
  const path = issue.path.map(String);
  const isInStep = path[0] === 'steps' && path.length > 1;
  const field = (isInStep ? path.slice(2) : path).join('.');
  return {
    step: isInStep ? (path[1] ?? null) : null,
    field: field === '' ? null : field,
    message: messageOf(issue),
  };
}

/** Zod's messages, where they are too terse to act upon, in our words. */
function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `has unknown fields: ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return issue.path[0] === 'voicemail'
        ? 'must have the action "hang_up" or "leave_message"'
        : 'must have the type "audio" or "objection_handler"';
    case 'invalid_key':
      return issue.issues.map((inner) => inner.message).join('; ');
    default:
      return issue.message;
  }
}
