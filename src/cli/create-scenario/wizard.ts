import type { Made } from '../../scenario-plan/make-scenario.ts';
import type { ScenarioPlan } from '../../scenario-plan/plan.ts';
import type { Messages } from '../language.ts';
import { BACK, type Answer, type Asker } from './asker.ts';
import { openingPages, wordingPages } from './opening-pages.ts';
import { questionPages, transitionPages } from './question-pages.ts';
import { closingPages, firstPages, settingPages } from './setting-pages.ts';

/** What has been answered so far, the rest as it is proposed. */
export interface Draft {
  plan: ScenarioPlan;
  /** No folder of AUDIO_DIR has the voice's name yet. */
  isNewVoice: boolean;
  /** Questions that were asked for. */
  count: number;
  /** Questions whose answers lead elsewhere than proposed. */
  changed: readonly string[];
  /** Name of the file, without `.json`. */
  id: string;
}

/** What the wizard knows of where it runs. */
export interface World {
  voices: readonly { name: string; recordings: number }[];
  themes: readonly { name: string; title: string; objections: number }[];
  /** Names of the recordings in a voice's folder `base`, as scenarios write them. */
  recordingsOf: (voice: string) => Promise<string[]>;
  /** What a recording says, as far as it can be known. */
  wordsOf: (voice: string, file: string) => Promise<ProposedWords | null>;
  isTaken: (id: string) => boolean;
  listenTimeoutMs: number;
  gracePeriodMs: number;
  make: (draft: Draft) => Made;
  /** What would be saved, for somebody to read. */
  summaryOf: (made: Extract<Made, { ok: true }>) => string;
}

export interface ProposedWords {
  text: string;
  /** A scenario that plays it too, or what the recogniser heard in it. */
  from: { scenario: string } | { confidence: number };
}

export interface Kit {
  asker: Asker;
  messages: Messages;
  world: World;
}

/** Asks one thing, and returns the draft with the answer in it. */
export type Page = (draft: Draft, kit: Kit) => Answer<Draft>;

/**
 * Asks page after page, back and forth, until the plan is whole. Null where somebody went back from the first question.
 * What is asked depends on what was answered.
 */
export async function askForPlan(start: Draft, kit: Kit): Promise<Draft | null> {
  let draft = start;
  for (let at = 0; at >= 0;) {
    const page = pagesFor(draft, kit)[at];
    if (page === undefined) return draft;
    const answer = await page(draft, kit);
    if (answer === BACK) at -= 1;
    else {
      draft = answer;
      at += 1;
    }
  }
  return null;
}

function pagesFor(draft: Draft, { world }: Kit): Page[] {
  return [
    ...firstPages(draft, world),
    ...questionPages(draft),
    ...settingPages(),
    ...openingPages(draft),
    ...transitionPages(draft),
    ...wordingPages(draft),
    ...closingPages(),
  ];
}
