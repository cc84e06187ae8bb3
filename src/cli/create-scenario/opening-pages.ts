import { disclosedBy } from '../../call-engine/scenario/disclosure.ts';
import { BUILTIN_TEXTS } from '../../call-engine/scenario/schema.ts';
import { GOODBYES, OPENING_FILE, OPT_OUT_FILE, VOICEMAIL_FILE } from '../../scenario-plan/build.ts';
import { openingText, unsaidByFirstQuestion } from '../../scenario-plan/opening.ts';
import { askWords } from './ask-words.ts';
import { BACK, type Answer } from './asker.ts';
import { withPlan } from './change.ts';
import type { Draft, Kit, Page } from './wizard.ts';

const MAX_CALLER = 100;

/** Who calls, that it is a system, how to object, that calls are recorded: what people must be told first. */
export function openingPages({ plan }: Draft): Page[] {
  const unsaid = unsaidByFirstQuestion(plan);
  return [
    isRecorded,
    ...(unsaid.includes('caller') ? [caller] : []),
    ...(unsaid.length > 0 ? [opening] : []),
  ];
}

/** What is said where a call ends, and to a machine. */
export function wordingPages({ plan }: Draft): Page[] {
  return [optOut, success, refusal, onMachine, ...(plan.voicemail === undefined ? [] : [message])];
}

const isRecorded: Page = async (draft, { asker, messages }) => {
  const given = await asker.confirm({
    message: messages.createScenario.isRecorded,
    initial: draft.plan.recording_notice,
  });
  if (given === BACK) return BACK;
  return withPlan(draft, { recording_notice: given });
};

const caller: Page = async (draft, { asker, messages }) => {
  const texts = messages.createScenario;
  const given = await asker.text({
    message: texts.caller,
    initial: draft.plan.caller ?? '',
    validate: (text) => (text === '' || text.length > MAX_CALLER ? texts.invalid.caller : null),
  });
  if (given === BACK) return BACK;
  const isSame = given === draft.plan.caller;
  return withPlan(draft, { caller: given, ...(!isSame && { disclosure: undefined }) });
};

const opening: Page = async (draft, kit) => {
  const texts = kit.messages.createScenario;
  const { plan } = draft;
  const unsaid = unsaidByFirstQuestion(plan);
  const given = await askWords(kit, {
    message: texts.opening(unsaid.map((what) => texts.mustSay[what])),
    recording: { voice: plan.voice, file: OPENING_FILE },
    before: plan.disclosure?.text ?? null,
    otherwise: openingText(unsaid, plan.caller ?? null),
    validate: (text) => {
      const missing = unsaid.filter((what) => !disclosedBy(text).includes(what));
      return missing.length === 0 ? null : texts.invalid.untold(missing.map((what) => texts.mustSay[what]));
    },
  });
  return given === BACK ? BACK : withPlan(draft, { disclosure: { text: given } });
};

const optOut: Page = async (draft, kit) => {
  const given = await askWords(kit, {
    message: kit.messages.createScenario.optOut,
    recording: { voice: draft.plan.voice, file: OPT_OUT_FILE },
    before: draft.plan.opt_out_text ?? null,
    otherwise: BUILTIN_TEXTS.opt_out,
  });
  return given === BACK ? BACK : withPlan(draft, { opt_out_text: given });
};

const success: Page = (draft, kit) => goodbye(draft, kit, 'success', 'bye.wav');

const refusal: Page = (draft, kit) => goodbye(draft, kit, 'refusal', 'bye_not_interested.wav');

async function goodbye(draft: Draft, kit: Kit, which: 'success' | 'refusal', file: string): Answer<Draft> {
  const given = await askWords(kit, {
    message: kit.messages.createScenario[which],
    recording: { voice: draft.plan.voice, file },
    before: draft.plan.goodbye[which] ?? null,
    otherwise: GOODBYES[which],
  });
  if (given === BACK) return BACK;
  return withPlan(draft, { goodbye: { ...draft.plan.goodbye, [which]: given } });
}

const onMachine: Page = async (draft, { asker, messages }) => {
  const texts = messages.createScenario;
  const given = await asker.choose({
    message: texts.onMachine,
    choices: [
      { value: 'hang_up', label: texts.hangUp },
      { value: 'leave_message', label: texts.leaveMessage },
    ],
    initial: draft.plan.voicemail === undefined ? 'hang_up' : 'leave_message',
  });
  if (given === BACK) return BACK;
  if (given === 'hang_up') return withPlan(draft, { voicemail: undefined });
  return withPlan(draft, { voicemail: draft.plan.voicemail ?? { text: '' } });
};

const message: Page = async (draft, kit) => {
  const { voice, caller: who, voicemail } = draft.plan;
  const given = await askWords(kit, {
    message: kit.messages.createScenario.message,
    recording: { voice, file: VOICEMAIL_FILE },
    before: voicemail === undefined || voicemail.text === '' ? null : voicemail.text,
    otherwise: openingText(['caller', 'automated'], who ?? null),
  });
  return given === BACK ? BACK : withPlan(draft, { voicemail: { text: given } });
};
