import { INTENTS, type Intent } from '../call-engine/intent/intents.ts';
import type { Disclosure } from '../call-engine/ports.ts';
import { openingOf } from './opening.ts';
import type { PlannedQuestion, ScenarioPlan } from './plan.ts';

/** Answers for which a question names where they lead; the others have a rule of the engine's own. */
export const LED_INTENTS = ['affirm', 'deny', 'question', 'objection', 'silence', 'not_understood'] as const;

type Led = (typeof LED_INTENTS)[number];

interface MadeAudioStep {
  type: 'audio';
  audio_path: string;
  text: string;
  timeout?: number;
  barge_in: boolean;
  is_determinant?: true;
  is_final?: true;
  result?: string;
  discloses?: Disclosure[];
  transitions?: Partial<Record<Intent | '*', string>>;
}

interface MadeHandler {
  type: 'objection_handler';
  max_attempts: number;
  fallback_step: string;
}

type MadeStep = MadeAudioStep | MadeHandler;

/** The JSON value of a scenario file. */
export interface MadeScenario {
  name: string;
  description: string;
  voice: string;
  theme: string;
  max_autonomous_turns: number;
  start: string;
  builtins?: { opt_out: { audio_path: string; text: string } };
  voicemail?: { action: 'leave_message'; audio_path: string; text: string };
  steps: Record<string, MadeStep>;
}

/** Recordings in the voice's folder `base` where a plan names none. */
export const OPENING_FILE = 'disclosure.wav';
export const OPT_OUT_FILE = 'opt_out.wav';
export const VOICEMAIL_FILE = 'voicemail.wav';

export const GOODBYES = {
  success: 'Merci, je vous souhaite une excellente journée. Au revoir !',
  refusal: 'Je comprends. Bonne journée, au revoir !',
  silence: 'Je ne vous entends pas. Je vous souhaite une bonne journée. Au revoir !',
} as const;

/** The scenario that a plan means. What the plan leaves open (an opening that says too little) is not looked at. */
export function buildScenario(plan: ScenarioPlan): MadeScenario {
  const { voice, questions, goodbye } = plan;
  const opening = openingOf(plan);
  const first = questions[0]?.step ?? 'bye';
  const path = (file: string): string => `${voice}/base/${file}`;
  const steps: Record<string, MadeStep> = {};
  if (opening.text !== null) {
    steps['disclosure'] = {
      type: 'audio',
      audio_path: path(plan.disclosure?.audio ?? OPENING_FILE),
      text: opening.text,
      timeout: 0,
      barge_in: false,
      discloses: opening.discloses,
      transitions: { '*': first },
    };
  }
  for (const [index, question] of questions.entries()) {
    const discloses = index === 0 ? opening.byFirstQuestion : [];
    steps[question.step] = questionStep(plan, question, path(audioOf(question)), discloses);
    if (plan.retry !== 'none') steps[`retry_${question.step}`] = retryStep(plan, question, path);
  }
  steps['handle_objection'] = {
    type: 'objection_handler',
    max_attempts: Math.max(1, plan.max_autonomous_turns),
    fallback_step: 'bye_not_interested',
  };
  const last = (name: string, text: string, result: string): void => {
    steps[name] = {
      ...{ type: 'audio', audio_path: path(`${name}.wav`), text, timeout: 0, barge_in: false },
      ...{ is_final: true, result },
    };
  };
  last('bye', goodbye.success ?? GOODBYES.success, 'success');
  last('bye_not_interested', goodbye.refusal ?? GOODBYES.refusal, 'not_interested');
  last('bye_silence', goodbye.silence ?? GOODBYES.silence, 'silence');
  const start = opening.text === null ? first : 'disclosure';
  const { name, description, theme, max_autonomous_turns, opt_out_text, voicemail } = plan;
  return {
    ...{ name, description, voice, theme, max_autonomous_turns, start },
    ...(opt_out_text !== undefined && {
      builtins: { opt_out: { audio_path: path(OPT_OUT_FILE), text: opt_out_text } },
    }),
    ...(voicemail !== undefined && {
      voicemail: {
        action: 'leave_message',
        audio_path: path(voicemail.audio ?? VOICEMAIL_FILE),
        text: voicemail.text,
      },
    }),
    steps: withoutUnused(steps, start, new Set(questions.map(({ step }) => step))),
  };
}

/** The recording of a question, in the voice's folder `base`. */
export function audioOf({ step, audio }: PlannedQuestion): string {
  return audio ?? `${step}.wav`;
}

/** What is said when a question is put again in other words, where the plan does not say. */
export function retryTextOf({ text, retry_text }: PlannedQuestion): string {
  return retry_text ?? `Pardon, je n'ai pas bien compris. ${text}`;
}

/** Where a question's answers lead, what the plan says of it included. */
export function transitionsOf(
  plan: ScenarioPlan,
  question: PlannedQuestion,
): Partial<Record<Intent, string>> {
  const again = plan.retry === 'none' ? null : `retry_${question.step}`;
  const { onward, unsure } = waysOf(plan, question);
  const led: Record<Led, string> = {
    affirm: onward,
    deny: question.determinant ? 'bye_not_interested' : unsure,
    ...objections(plan, again ?? unsure),
    silence: again ?? 'bye_silence',
    not_understood: again ?? unsure,
  };
  return inOrder({ ...led, ...question.transitions });
}

/** Steps that answers may lead to. */
export function targetsOf(plan: ScenarioPlan): string[] {
  return [
    ...plan.questions.map(({ step }) => step),
    ...(plan.retry === 'none' ? [] : plan.questions.map(({ step }) => `retry_${step}`)),
    ...(plan.max_autonomous_turns > 0 ? ['handle_objection'] : []),
    ...['bye', 'bye_not_interested', 'bye_silence'],
  ];
}

function questionStep(
  plan: ScenarioPlan,
  question: PlannedQuestion,
  audioPath: string,
  discloses: Disclosure[],
): MadeAudioStep {
  return {
    ...asked(plan, question, audioPath, question.text),
    ...(discloses.length > 0 && { discloses }),
    transitions: transitionsOf(plan, question),
  };
}

/** Put once more; who says nothing then is bid goodbye. */
function retryStep(
  plan: ScenarioPlan,
  question: PlannedQuestion,
  path: (file: string) => string,
): MadeAudioStep {
  const isSame = plan.retry === 'same';
  const audioPath = path(isSame ? audioOf(question) : `retry_${question.step}.wav`);
  const { unsure } = waysOf(plan, question);
  // Once is enough: it never leads to itself.
  const elsewhere = (target: string | undefined): string | undefined =>
    target === `retry_${question.step}` ? unsure : target;
  const { affirm, deny, question: ask, objection } = transitionsOf(plan, question);
  return {
    ...asked(plan, question, audioPath, isSame ? question.text : retryTextOf(question)),
    transitions: inOrder({
      affirm: elsewhere(affirm),
      deny: elsewhere(deny),
      question: elsewhere(ask),
      objection: elsewhere(objection),
      silence: 'bye_silence',
      not_understood: unsure,
    }),
  };
}

function asked(
  plan: ScenarioPlan,
  question: PlannedQuestion,
  audioPath: string,
  text: string,
): MadeAudioStep {
  return {
    type: 'audio',
    audio_path: audioPath,
    text,
    ...(plan.timeout !== undefined && { timeout: plan.timeout }),
    barge_in: plan.barge_in,
    ...(question.determinant && { is_determinant: true }),
  };
}

/** `unsure`: neither yes nor no. Only a yes to the last question is a success. */
function waysOf(plan: ScenarioPlan, question: PlannedQuestion): { onward: string; unsure: string } {
  const next = plan.questions[plan.questions.indexOf(question) + 1]?.step;
  const onward = next ?? 'bye';
  return { onward, unsure: question.determinant ? 'bye_not_interested' : (next ?? 'bye_not_interested') };
}

function objections(plan: ScenarioPlan, otherwise: string): { question: string; objection: string } {
  const target = plan.max_autonomous_turns > 0 ? 'handle_objection' : otherwise;
  return { question: target, objection: target };
}

/** As people read it: yes and no first. */
function inOrder(led: Partial<Record<Intent, string | undefined>>): Partial<Record<Intent, string>> {
  return Object.fromEntries(
    INTENTS.flatMap((intent) => {
      const target = led[intent];
      return target === undefined ? [] : [[intent, target]];
    }),
  );
}

/** Of the steps that are made, those that something leads to. Questions stay: that one is not reached is told. */
function withoutUnused(
  steps: Record<string, MadeStep>,
  start: string,
  kept: ReadonlySet<string>,
): Record<string, MadeStep> {
  const reached = new Set<string>();
  const open = [start, ...kept];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = steps[id];
    if (step === undefined || reached.has(id)) continue;
    reached.add(id);
    open.push(...(step.type === 'audio' ? Object.values(step.transitions ?? {}) : [step.fallback_step]));
  }
  return Object.fromEntries(Object.entries(steps).filter(([id]) => reached.has(id)));
}
