import { stepId } from '../../call-engine/scenario/schema.ts';
import { audioOf, LED_INTENTS, retryTextOf, targetsOf, transitionsOf } from '../../scenario-plan/build.ts';
import { questionName, type PlannedQuestion } from '../../scenario-plan/plan.ts';
import { BACK } from './asker.ts';
import { askWords } from './ask-words.ts';
import { withPlan, withQuestion } from './change.ts';
import type { Page, Draft } from './wizard.ts';

const OWN_FILE = '/own';
/** As the guide's scenarios call them. */
const USUAL_NAMES = ['hello', 'pitch'];

/** For each question: step, recording, words, type; then how it is put again. */
export function questionPages({ count }: Draft): Page[] {
  return Array.from({ length: count }, (_question, index) => [
    step(index),
    recording(index),
    words(index),
    kind(index),
  ]).flat();
}

/** Where answers lead, for those questions for which it is to be changed. */
export function transitionPages({ plan, changed }: Draft): Page[] {
  const again = plan.retry === 'own' ? plan.questions.map((_question, index) => retryWords(index)) : [];
  const ways = plan.questions.flatMap(({ step: name }, index) =>
    changed.includes(name) ? LED_INTENTS.map((intent) => transition(index, intent)) : [],
  );
  return [...again, whichChange, ...ways];
}

function step(index: number): Page {
  return async (draft, { asker, messages }) => {
    const texts = messages.createScenario;
    const { questions } = draft.plan;
    const others = questions.filter((_question, at) => at !== index).map(({ step: name }) => name);
    const given = await asker.text({
      message: texts.step(index + 1, draft.count),
      initial: questions[index]?.step ?? USUAL_NAMES[index] ?? `question_${index + 1}`,
      validate: (text) => {
        if (others.includes(text)) return texts.invalid.stepTwice;
        if (questionName.safeParse(text).success) return null;
        return stepId.safeParse(text).success ? texts.invalid.stepMade : texts.invalid.step;
      },
    });
    if (given === BACK) return BACK;
    // Questions beyond the number asked for are from before it was lowered.
    const kept = questions.slice(0, draft.count);
    const asked: PlannedQuestion = kept[index] ?? {
      step: given,
      text: '',
      determinant: index === 0,
      transitions: {},
    };
    const next = [...kept];
    next[index] = { ...asked, step: given };
    return withPlan(draft, { questions: next });
  };
}

function recording(index: number): Page {
  return async (draft, { asker, messages, world }) => {
    const texts = messages.createScenario;
    const question = draft.plan.questions[index];
    if (question === undefined) return draft;
    const files = await world.recordingsOf(draft.plan.voice);
    const own = `${question.step}.wav`;
    const given = await asker.choose<string>({
      message: texts.recording(question.step),
      choices: [
        ...(files.includes(own) ? [] : [{ value: OWN_FILE, label: own, hint: texts.notRecorded }]),
        ...files.map((file) => ({ value: file, label: file })),
      ],
      initial: [audioOf(question), own].find((file) => files.includes(file)) ?? null,
    });
    if (given === BACK) return BACK;
    return withQuestion(draft, index, { audio: given === OWN_FILE ? own : given });
  };
}

function words(index: number): Page {
  return async (draft, kit) => {
    const question = draft.plan.questions[index];
    if (question === undefined) return draft;
    const given = await askWords(kit, {
      message: kit.messages.createScenario.words(question.step),
      recording: { voice: draft.plan.voice, file: audioOf(question) },
      before: question.text === '' ? null : question.text,
      otherwise: '',
    });
    return given === BACK ? BACK : withQuestion(draft, index, { text: given });
  };
}

function kind(index: number): Page {
  return async (draft, { asker, messages }) => {
    const texts = messages.createScenario;
    const question = draft.plan.questions[index];
    if (question === undefined) return draft;
    const given = await asker.choose({
      message: texts.kind(question.step),
      choices: [
        { value: 'normal', label: texts.normal },
        { value: 'determinant', label: texts.determinant },
      ],
      initial: question.determinant ? 'determinant' : 'normal',
    });
    return given === BACK ? BACK : withQuestion(draft, index, { determinant: given === 'determinant' });
  };
}

function retryWords(index: number): Page {
  return async (draft, kit) => {
    const question = draft.plan.questions[index];
    if (question === undefined) return draft;
    const given = await askWords(kit, {
      message: kit.messages.createScenario.retryWords(question.step),
      recording: { voice: draft.plan.voice, file: `retry_${question.step}.wav` },
      before: question.retry_text ?? null,
      otherwise: retryTextOf(question),
    });
    return given === BACK ? BACK : withQuestion(draft, index, { retry_text: given });
  };
}

const whichChange: Page = async (draft, { asker, messages }) => {
  const texts = messages.createScenario;
  const { plan } = draft;
  const ways = plan.questions.flatMap((question) => [
    question.step,
    ...Object.entries(transitionsOf(plan, question)).map(([intent, target]) => `   ${intent} → ${target}`),
  ]);
  asker.note(ways.join('\n'), texts.ways);
  const given = await asker.chooseMany<string>({
    message: texts.whichChange,
    choices: plan.questions.map(({ step: name }) => ({ value: name, label: name })),
    initial: draft.changed.filter((name) => plan.questions.some(({ step: known }) => known === name)),
  });
  if (given === BACK) return BACK;
  // What is not to be changed leads where it is proposed.
  const questions = plan.questions.map((question) =>
    given.includes(question.step) ? question : { ...question, transitions: {} },
  );
  return { ...withPlan(draft, { questions }), changed: given };
};

function transition(index: number, intent: (typeof LED_INTENTS)[number]): Page {
  return async (draft, { asker, messages }) => {
    const { plan } = draft;
    const question = plan.questions[index];
    if (question === undefined) return draft;
    const proposed = transitionsOf(plan, { ...question, transitions: {} })[intent];
    const given = await asker.choose<string>({
      message: messages.createScenario.transition(question.step, intent),
      choices: targetsOf(plan)
        .filter((target) => target !== question.step)
        .map((value) => ({ value, label: value })),
      initial: question.transitions[intent] ?? proposed ?? null,
    });
    if (given === BACK) return BACK;
    const others = Object.entries(question.transitions).filter(([known]) => known !== intent);
    const own = given === proposed ? [] : [[intent, given] as const];
    return withQuestion(draft, index, { transitions: Object.fromEntries([...others, ...own]) });
  };
}
