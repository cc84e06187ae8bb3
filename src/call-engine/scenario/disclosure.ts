import { DISCLOSURES, type Disclosure, type HeardDisclosure } from '../ports.ts';
import type { AudioStep, Scenario } from './schema.ts';

/** How much of one prompt the person heard. */
export interface HeardPrompt {
  /** The step's id, for a step's prompt. */
  label: string;
  audioPath: string;
  heardMs: number;
  completed: boolean;
}

/** What a French text that says it must hold, folded to lower case without accents. */
const SAID_BY: Readonly<Record<Disclosure, RegExp>> = {
  automated:
    /automat|robot|\bmachine\b|(?:voix|message)s? (?:est |sont )?(?:pre-?)?enregistre|intelligence artificielle/,
  caller:
    /\bici\b|de la part d|pour le compte d|au nom d|vous appelle|\bappel (?:automatise )?d(?:e |u |es |')|\bje suis\b|nous sommes/,
  opposition:
    /ne plus (?:etre|vous|recevoir|jamais)|plus etre (?:r?appele|contacte)|vous opposer|opposition|\bstop\b|desinscri|(?:retirer|supprimer|effacer) votre numero|liste (?:rouge|noire)/,
  recording:
    /\b(?:appel|conversation|echange|communication|entretien)s?\b[^.!?]{0,40}\benregistre|\benregistr(?:ons|er) (?:cet |cette |notre |nos |l'|les |la )(?:appel|conversation|echange|communication|entretien)/,
};

/** What a prompt's text tells the person called, by its words. */
export function disclosedBy(text: string): Disclosure[] {
  const folded = fold(text);
  return DISCLOSURES.filter((what) => SAID_BY[what].test(folded));
}

/** Asks whether a machine is speaking, also where no objection of that kind is known. */
const ROBOT_QUESTION =
  /\b(?:robot|automate|repondeur|intelligence artificielle|voix (?:automatique|enregistree|de synthese)|vraie personne|(?:un|une) (?:vrai )?(?:humain|humaine|etre humain|machine|ordinateur|enregistrement))\b/;

export function asksIfRobot(text: string): boolean {
  return ROBOT_QUESTION.test(fold(text));
}

/** A step that says that a system is calling: what is repeated to who asks, where no recorded answer fits. */
export function truthfulStep(scenario: Scenario): AudioStep | null {
  for (const step of scenario.steps.values()) {
    if (step.type === 'audio' && step.discloses.includes('automated')) return step;
  }
  return null;
}

/** The steps that tell people that the call is recorded: marked so, and their text says it. */
export function recordingNotices({ steps }: Scenario): AudioStep[] {
  return [...steps.values()].filter(
    (step): step is AudioStep =>
      step.type === 'audio' &&
      step.discloses.includes('recording') &&
      disclosedBy(step.text).includes('recording'),
  );
}

/** What a call's prompts told of who calls: one entry for each step that discloses, the one heard longest. */
export function heardDisclosures(
  scenario: Scenario,
  heard: readonly HeardPrompt[],
  lengthMs: (audioPath: string) => number | null,
): HeardDisclosure[] {
  const best = new Map<string, HeardPrompt>();
  for (const prompt of heard) {
    const known = best.get(prompt.label);
    if (known === undefined || isMore(prompt, known)) best.set(prompt.label, prompt);
  }
  return [...best.values()].flatMap(({ label, audioPath, heardMs, completed }) => {
    const step = scenario.steps.get(label);
    if (step?.type !== 'audio' || step.discloses.length === 0) return [];
    const totalMs = lengthMs(audioPath) ?? (completed ? heardMs : null);
    return [
      {
        step: label,
        discloses: step.discloses,
        heardMs: Math.round(completed ? (totalMs ?? heardMs) : Math.min(heardMs, totalMs ?? heardMs)),
        totalMs: totalMs === null ? null : Math.round(totalMs),
        interrupted: !completed,
      },
    ];
  });
}

function isMore(a: HeardPrompt, b: HeardPrompt): boolean {
  return a.completed === b.completed ? a.heardMs > b.heardMs : a.completed;
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u2018\u2019]/g, "'")
    .toLowerCase();
}
