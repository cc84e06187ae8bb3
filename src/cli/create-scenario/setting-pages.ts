import { folderName, MAX_TIMEOUT_S, SCENARIO_ID } from '../../call-engine/scenario/schema.ts';
import { idFor, RETRIES } from '../../scenario-plan/plan.ts';
import { formatNumber, formatSeconds } from '../format.ts';
import { BACK } from './asker.ts';
import { withPlan } from './change.ts';
import type { Page, Draft, World } from './wizard.ts';

const OTHER_VOICE = '/other';
const MAX_QUESTIONS = 10;
const MAX_NAME = 200;
const MAX_TEXT = 2000;
const TURNS = ['0', '1', '2', '3', '4', '5'] as const;

/** As the guide asks: name, description, voice, how many questions. */
export function firstPages({ isNewVoice }: Draft, { voices }: World): Page[] {
  return [
    name,
    description,
    ...(voices.length > 0 ? [voice] : []),
    ...(isNewVoice || voices.length === 0 ? [newVoice] : []),
    count,
  ];
}

/** What holds for all questions. */
export function settingPages(): Page[] {
  return [retry, theme, bargeIn, timeout, turns];
}

/** Under which name, and whether at all. */
export function closingPages(): Page[] {
  return [id, confirmation];
}

const name: Page = async (draft, { asker, messages }) => {
  const texts = messages.createScenario;
  const given = await asker.text({
    message: texts.name,
    initial: draft.plan.name,
    validate: (text) => (text === '' || text.length > MAX_NAME ? texts.invalid.name : null),
  });
  return given === BACK ? BACK : withPlan(draft, { name: given });
};

const description: Page = async (draft, { asker, messages }) => {
  const texts = messages.createScenario;
  const given = await asker.text({
    message: texts.description,
    initial: draft.plan.description,
    validate: (text) => (text.length > MAX_TEXT ? texts.invalid.text : null),
  });
  return given === BACK ? BACK : withPlan(draft, { description: given });
};

const voice: Page = async (draft, { asker, messages, world }) => {
  const texts = messages.createScenario;
  const given = await asker.choose<string>({
    message: texts.voice,
    choices: [
      ...world.voices.map(({ name: folder, recordings }) => ({
        value: folder,
        label: folder,
        hint: texts.recordings(formatNumber(recordings, messages)),
      })),
      { value: OTHER_VOICE, label: texts.otherVoice },
    ],
    initial: draft.isNewVoice ? OTHER_VOICE : draft.plan.voice,
  });
  if (given === BACK) return BACK;
  if (given === OTHER_VOICE) return { ...draft, isNewVoice: true };
  return withPlan({ ...draft, isNewVoice: false }, { voice: given });
};

const newVoice: Page = async (draft, { asker, messages }) => {
  const texts = messages.createScenario;
  const given = await asker.text({
    message: texts.newVoice,
    initial: draft.plan.voice,
    validate: (text) => (folderName.safeParse(text).success ? null : texts.invalid.voice),
  });
  return given === BACK ? BACK : withPlan(draft, { voice: given });
};

const count: Page = async (draft, { asker, messages }) => {
  const texts = messages.createScenario;
  const numbers = Array.from({ length: MAX_QUESTIONS }, (_number, index) => String(index + 1));
  const given = await asker.text({
    message: texts.count(MAX_QUESTIONS),
    initial: String(draft.count),
    validate: (text) => (numbers.includes(text) ? null : texts.invalid.count(MAX_QUESTIONS)),
  });
  return given === BACK ? BACK : { ...draft, count: Number(given) };
};

const retry: Page = async (draft, { asker, messages }) => {
  const texts = messages.createScenario;
  const given = await asker.choose({
    message: texts.retry,
    choices: RETRIES.map((value) => ({ value, label: texts.retries[value] })),
    initial: draft.plan.retry,
  });
  return given === BACK ? BACK : withPlan(draft, { retry: given });
};

const theme: Page = async (draft, { asker, messages, world }) => {
  const texts = messages.createScenario;
  const given = await asker.choose<string>({
    message: texts.theme,
    choices: world.themes.map(({ name: value, title, objections }) => ({
      value,
      label: texts.themeOf(title, formatNumber(objections, messages)),
      hint: value,
    })),
    initial: draft.plan.theme,
  });
  return given === BACK ? BACK : withPlan(draft, { theme: given });
};

const bargeIn: Page = async (draft, { asker, messages, world }) => {
  const texts = messages.createScenario;
  const grace = formatSeconds(world.gracePeriodMs, messages);
  const given = await asker.confirm({ message: texts.bargeIn(grace), initial: draft.plan.barge_in });
  return given === BACK ? BACK : withPlan(draft, { barge_in: given });
};

const timeout: Page = async (draft, { asker, messages, world }) => {
  const texts = messages.createScenario;
  const { timeout: before = world.listenTimeoutMs / 1000 } = draft.plan;
  const given = await asker.text({
    message: texts.timeout,
    initial: String(before),
    validate: (text) => (readSeconds(text) === null ? texts.invalid.timeout(MAX_TIMEOUT_S) : null),
  });
  return given === BACK ? BACK : withPlan(draft, { timeout: readSeconds(given) ?? before });
};

const turns: Page = async (draft, { asker, messages }) => {
  const texts = messages.createScenario;
  const given = await asker.choose({
    message: texts.turns,
    choices: TURNS.map((value) => ({ value, label: texts.turnsOf(Number(value)) })),
    initial: TURNS[draft.plan.max_autonomous_turns] ?? '3',
  });
  return given === BACK ? BACK : withPlan(draft, { max_autonomous_turns: Number(given) });
};

const id: Page = async (draft, { asker, messages, world }) => {
  const texts = messages.createScenario;
  const given = await asker.text({
    message: texts.id,
    initial: draft.id === '' ? idFor(draft.plan.name) : draft.id,
    validate: (text) => {
      if (!SCENARIO_ID.test(withoutExtension(text))) return texts.invalid.id;
      return world.isTaken(withoutExtension(text)) ? texts.invalid.taken : null;
    },
  });
  return given === BACK ? BACK : { ...draft, id: withoutExtension(given) };
};

/** Somebody who does not want it saved like that goes back and changes it. */
const confirmation: Page = async (draft, { asker, messages, world }) => {
  const texts = messages.createScenario;
  const made = world.make(draft);
  if (made.ok) asker.note(world.summaryOf(made), texts.summary);
  else {
    const untold = made.untold.map((what) => texts.mustSay[what]);
    const faults = untold.length > 0 ? [texts.invalid.untold(untold)] : made.faults;
    asker.note(faults.join('\n'), texts.unusable);
  }
  const given = await asker.choose({
    message: made.ok ? texts.save(draft.id) : texts.mend,
    choices: [
      ...(made.ok ? [{ value: 'save' as const, label: texts.yes }] : []),
      { value: 'back' as const, label: texts.goBack },
    ],
    initial: null,
  });
  return given === BACK || given === 'back' ? BACK : draft;
};

function withoutExtension(text: string): string {
  return text.replace(/\.json$/, '');
}

/** Null for what is no length of time to wait for an answer. */
function readSeconds(text: string): number | null {
  const seconds = /^\d{1,2}(?:[.,]\d)?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
  return seconds >= 1 && seconds <= MAX_TIMEOUT_S ? seconds : null;
}
