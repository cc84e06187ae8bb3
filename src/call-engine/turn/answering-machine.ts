import type { AmdVerdict } from '../ports.ts';

export interface AnsweringMachineOptions {
  /** `hybrid`: timing, words and beep. `energy` and `silence`: timing alone. */
  method: 'hybrid' | 'energy' | 'silence';
  /** The verdict comes at the latest after this much audio (`AMD_MAX_GREETING_MS`). */
  maxGreetingMs: number;
  /** Silence after a greeting that means: the person waits for us (`AMD_SILENCE_THRESHOLD_MS`). */
  afterGreetingSilenceMs: number;
  /** The same after a greeting recognised as a person's ("allô ?"). */
  afterPersonGreetingSilenceMs: number;
  /** Nobody said anything for this long: start talking (verdict UNKNOWN). */
  initialSilenceMs: number;
  /** A greeting with less voice than this is a person's (`AMD_HUMAN_SPEECH_THRESHOLD`). */
  humanSpeechMs: number;
  /** A greeting with more voice than this is a machine's (`AMD_MACHINE_SPEECH_THRESHOLD`). */
  machineSpeechMs: number;
}

/** One frame as the detector sees it. */
export interface AmdFrame {
  /** Audio time since the answer at which this frame ends. */
  nowMs: number;
  frameMs: number;
  isVoiced: boolean;
  /** What was recognised so far; `''` when nothing was. */
  text: string;
  /** A steady tone of the kind that follows a greeting has just ended. */
  beepHeard: boolean;
}

/**
 * What only recordings say. A person may ask "vous voulez laisser un message ?", complain of "un répondeur" or not be
 * free ("je suis pas disponible"): such words alone are no proof.
 */
const MACHINE_PHRASES = new RegExp(
  [
    'messagerie',
    'bo[iî]te vocale',
    '(?:serveur|service) vocal',
    '(?:sur|au|du|le|mon|notre) r[ée]pondeur',
    '(?:bienvenue|bonjour) (?:sur|au|chez) .{0,60}(?:tapez|appuyez|dites)',
    '(?<!(?:voulez|souhaitez|voudriez)(?: vous| bien| me| lui| nous)? )(?:laiss(?:ez|er)|enregistr(?:ez|er))(?:[- ](?:moi|nous|lui))? (?:un|votre|vos) messages?',
    'apr[èe]s le (?:bip|signal|ton)',
    'signal sonore',
    'parlez (?:maintenant|apr[èe]s)',
    'votre (?:correspondant|interlocuteur)',
    "l'abonn[ée]",
    "n'est (?:pas|plus|actuellement pas|pas actuellement) (?:disponible|joignable|en service|attribu[ée])",
    '(?:ne pouvons|ne peux|ne puis|pouvons|peux)(?: pas| actuellement pas)? (?:vous|te) r[ée]pondre',
    'num[ée]ro (?:que vous avez|demand[ée]|compos[ée])',
    'ne peut (?:pas )?aboutir',
    'suspendu ses appels',
    "temps d'attente",
    'conversation (?:peut|pourra|est susceptible|sera)',
    '(?:tapez|appuyez sur|faites le) (?:la touche |sur )?(?:un|deux|trois|quatre|cinq|z[ée]ro|di[èe]se|[ée]toile)',
    '(?:bureaux sont|(?:magasin|agence|cabinet|standard) est actuellement) (?:actuellement )?ferm[ée]',
    "heures d'ouverture",
    'veuillez (?:laisser|rappeler|indiquer|d[ée]cliner|renouveler|raccrocher)',
  ]
    .map((phrase) => `(?:^|[^\\p{L}])(?:${phrase})`)
    .join('|'),
  'u',
);

const PERSON_GREETINGS =
  /^((all[ôo]|oui|ouais|bonjour|bonsoir|j'écoute|je vous écoute|qui|c'est|est|à|l'appareil) ?)+$/u;

/**
 * Person or machine? Timing features after Asterisk's `app_amd` (initial silence, length of the greeting, silence after
 * it), overruled by words in `hybrid`. In doubt: not a machine. One per call; counts audio time only.
 */
export class AnsweringMachineDetector {
  private voicedMs = 0;
  private lastVoicedMs: number | null = null;
  private verdict: AmdVerdict | null = null;

  constructor(private readonly options: AnsweringMachineOptions) {}

  /** Takes one frame; returns the verdict once, on the frame that decides it. */
  advance(frame: AmdFrame): AmdVerdict | null {
    if (this.verdict !== null) return null;
    if (frame.isVoiced) {
      this.voicedMs += frame.frameMs;
      this.lastVoicedMs = frame.nowMs;
    }
    this.verdict = this.judgeWords(frame) ?? this.judgeTiming(frame);
    return this.verdict;
  }

  private judgeWords(frame: AmdFrame): AmdVerdict | null {
    if (this.options.method !== 'hybrid') return null;
    if (frame.beepHeard) return { result: 'MACHINE', reason: 'beep', afterMs: frame.nowMs };
    const phrase = MACHINE_PHRASES.exec(frame.text)?.[0].trim();
    if (phrase !== undefined) return { result: 'MACHINE', reason: `words:${phrase}`, afterMs: frame.nowMs };
    return null;
  }

  private judgeTiming({ nowMs, text }: AmdFrame): AmdVerdict | null {
    const { options, voicedMs, lastVoicedMs } = this;
    if (lastVoicedMs === null) {
      return nowMs >= options.initialSilenceMs
        ? { result: 'UNKNOWN', reason: 'timing:no-greeting', afterMs: nowMs }
        : null;
    }
    if (voicedMs >= options.machineSpeechMs) {
      // Where words could have been heard and none were, it is noise, not a greeting.
      return options.method === 'hybrid' && text === ''
        ? { result: 'UNKNOWN', reason: 'timing:sound-without-words', afterMs: nowMs }
        : { result: 'MACHINE', reason: 'timing:long-greeting', afterMs: nowMs };
    }
    const silenceMs = nowMs - lastVoicedMs;
    const greetedByPerson = options.method === 'hybrid' && PERSON_GREETINGS.test(text);
    if (greetedByPerson && silenceMs >= options.afterPersonGreetingSilenceMs) {
      return { result: 'HUMAN', reason: 'words:greeting', afterMs: nowMs };
    }
    if (silenceMs >= options.afterGreetingSilenceMs) {
      return voicedMs <= options.humanSpeechMs
        ? { result: 'HUMAN', reason: 'timing:short-greeting', afterMs: nowMs }
        : { result: 'UNKNOWN', reason: 'timing:medium-greeting', afterMs: nowMs };
    }
    return nowMs >= options.maxGreetingMs ? { result: 'UNKNOWN', reason: 'deadline', afterMs: nowMs } : null;
  }
}
