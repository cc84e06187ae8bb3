import { greetingWords } from './greeting-features.ts';

export interface VoicemailOptions {
  /** Quiet after the greeting that stands for a beep that was not heard. */
  afterGreetingSilenceMs: number;
  /** Quiet after the beep before the message begins. */
  afterBeepMs: number;
  /** A greeting that goes on for longer than this since the answer gets no message. */
  maxWaitMs: number;
}

export interface VoicemailFrame {
  /** Audio time since the answer. */
  nowMs: number;
  isVoiced: boolean;
  /** Everything that the machine was understood to say. */
  text: string;
  beepHeard: boolean;
}

/** What still sounds for so long after a beep is its echo. */
const BEEP_TAIL_MS = 200;

/** `refuse`: what answered records nothing, or nothing is known to: hang up. */
export type VoicemailDecision = 'speak' | 'refuse';

/** Words of what records nothing: numbers that lead nowhere, full mailboxes, menus, queues, assistants that screen calls. */
const RECORDS_NOTHING = new RegExp(
  [
    '(?:pleine|saturee?)',
    'plus (?:recevoir|enregistrer)',
    'pas (?:activee?|configuree?|initialisee?|attribuee?|en service|valide|autorisee?)',
    'pas encore (?:activee?|configuree?|initialisee?)',
    'plus (?:attribuee?|en service|d abonne|de abonne)',
    'suspendue?s?',
    'resiliee?',
    'abonne',
    'aboutir',
    'donner suite',
    'consulter (?:le |l |votre )?annuaire',
    'conseillers?',
    'temps de? attente',
    'patienter',
    'restez en ligne',
    'filtr\\p{L}+',
    '(?:raison|motif) de votre appel',
    'assistant',
    'serveur vocal',
    'telecopie\\p{L}*',
    'not in service|mailbox is full',
  ]
    .map((words) => `(?:^| )(?:${words})(?: |$)`)
    .join('|'),
  'u',
);

/** Words that ask for a message. */
const ASKS_FOR_MESSAGE =
  /(?:^| )(?:messages?|messagerie|repondeur|boite vocale|bip|signal sonore|timbre sonore|tonalite|coordonnees|voicemail|combox)(?: |$)/u;

/**
 * When to begin a message on a machine: after its beep, or after its greeting where no beep comes and it asked for a
 * message. Never on what records nothing. One per call; counts audio time only.
 */
export class VoicemailMessage {
  private lastVoicedMs: number | null = null;
  private beepEndedMs: number | null = null;
  /** What `judgedText` says: judged only when there are new words. */
  private judgedText = '';
  private recordsNothing = false;
  private asksForMessage = false;

  constructor(private readonly options: VoicemailOptions) {}

  /** Takes one frame, from that of the verdict on; null means: wait. */
  advance(frame: VoicemailFrame): VoicemailDecision | null {
    const { options } = this;
    this.judge(frame.text);
    if (this.recordsNothing) return 'refuse';
    this.note(frame);
    if (this.beepEndedMs !== null && frame.nowMs - this.beepEndedMs >= options.afterBeepMs) return 'speak';
    this.lastVoicedMs ??= frame.nowMs;
    if (frame.nowMs - this.lastVoicedMs >= options.afterGreetingSilenceMs) {
      return this.asksForMessage ? 'speak' : 'refuse';
    }
    return frame.nowMs >= options.maxWaitMs ? 'refuse' : null;
  }

  private judge(text: string): void {
    if (text === this.judgedText) return;
    this.judgedText = text;
    const said = greetingWords(text).join(' ');
    this.recordsNothing = RECORDS_NOTHING.test(said);
    this.asksForMessage = ASKS_FOR_MESSAGE.test(said);
  }

  private note({ nowMs, isVoiced, beepHeard }: VoicemailFrame): void {
    if (beepHeard) this.beepEndedMs = nowMs;
    else if (isVoiced) {
      this.lastVoicedMs = nowMs;
      // Speech right after a tone: it announced something, such as a number that leads nowhere.
      if (this.beepEndedMs !== null && nowMs - this.beepEndedMs > BEEP_TAIL_MS) this.beepEndedMs = null;
    }
  }
}
