import { REQUIRED_DISCLOSURES, type Disclosure } from '../call-engine/ports.ts';
import { disclosedBy } from '../call-engine/scenario/disclosure.ts';
import type { ScenarioPlan } from './plan.ts';

/** How a plan tells people who calls them, before anything is asked of them. */
export interface Opening {
  /** Said by a step of its own before the first question; null where the first question says it all. */
  text: string | null;
  /** Told by that step. */
  discloses: Disclosure[];
  /** Told by the first question. */
  byFirstQuestion: Disclosure[];
  /** What nobody is told: such a plan makes no scenario. */
  missing: Disclosure[];
}

export function openingOf(plan: ScenarioPlan): Opening {
  const unsaid = unsaidByFirstQuestion(plan);
  const saidFirst = neededBy(plan).filter((what) => !unsaid.includes(what));
  if (unsaid.length === 0) return { text: null, discloses: [], byFirstQuestion: saidFirst, missing: [] };
  const text = plan.disclosure?.text ?? openingText(unsaid, plan.caller ?? null);
  const discloses = disclosedBy(text);
  return {
    text: text === '' ? null : text,
    discloses,
    byFirstQuestion: saidFirst.filter((what) => !discloses.includes(what)),
    missing: unsaid.filter((what) => !discloses.includes(what)),
  };
}

/** What is left for a step before the first question to say. */
export function unsaidByFirstQuestion(plan: ScenarioPlan): Disclosure[] {
  const said = disclosedBy(plan.questions[0]?.text ?? '');
  return neededBy(plan).filter((what) => !said.includes(what));
}

/** What says it, in the order in which one would; for whom is left out where nobody is named. */
export function openingText(what: readonly Disclosure[], caller: string | null): string {
  const sentences: [Disclosure, string | null][] = [
    ['caller', caller === null ? null : `Bonjour, ici ${caller}.`],
    ['automated', 'Ceci est un appel automatisé.'],
    ['opposition', 'Vous pouvez à tout moment demander à ne plus être appelé.'],
    ['recording', 'Cet appel est enregistré.'],
  ];
  return sentences.flatMap(([told, text]) => (what.includes(told) && text !== null ? [text] : [])).join(' ');
}

function neededBy({ recording_notice }: ScenarioPlan): Disclosure[] {
  return recording_notice ? [...REQUIRED_DISCLOSURES, 'recording'] : [...REQUIRED_DISCLOSURES];
}
