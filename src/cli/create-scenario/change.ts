import type { PlannedQuestion, ScenarioPlan } from '../../scenario-plan/plan.ts';
import type { Draft } from './wizard.ts';

/** The draft with these answers in its plan. */
export function withPlan(draft: Draft, changes: Partial<ScenarioPlan>): Draft {
  return { ...draft, plan: { ...draft.plan, ...changes } };
}

/** The draft with these answers to what is asked of one question. */
export function withQuestion(draft: Draft, index: number, changes: Partial<PlannedQuestion>): Draft {
  const questions = draft.plan.questions.map((question, at) =>
    at === index ? { ...question, ...changes } : question,
  );
  return withPlan(draft, { questions });
}
