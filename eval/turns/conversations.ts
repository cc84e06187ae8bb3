import type { Intent } from '../../src/call-engine/intent/intents.ts';
import { ClipShelf, VOICES, type Part } from './clips.ts';
import { loadPrompts, type BotPrompt } from './prompts.ts';
import {
  atLevel,
  babble,
  between,
  breath,
  cough,
  dtmf,
  hum,
  joined,
  knock,
  music,
  ringback,
  seeded,
  silence,
  streetNoise,
  whiteNoise,
  type Random,
  type Sound,
} from './sounds.ts';

/** One prompt of the bot and what comes from the other end of the line meanwhile and after. */
export interface PlannedConversation {
  id: string;
  /** What is tried, e.g. `pause after oui`. */
  kind: string;
  expects: Expectation;
  prompt: BotPrompt;
  /** In order. */
  events: LineEvent[];
  line: {
    /** Played over and over from the beginning of the call; null for a quiet line. */
    background: Sound | null;
    /** The bot's own voice, come back. */
    echo: { gainDb: number; delayMs: number } | null;
  };
}

export type Expectation =
  /** What is said answers the question. */
  | 'answer'
  /** What is said over the prompt takes the turn. */
  | 'interruption'
  /** The prompt is heard to its end, and the question waits; the last words answer it. */
  | 'listening';

export interface LineEvent {
  sound: Sound;
  /** Words of the callee; a cough is none. */
  isSpeech: boolean;
  /** `prompt`: when this much of the prompt was played. `prompt-end` and `previous`: so long after its end. */
  after: 'prompt' | 'prompt-end' | 'previous';
  ms: number;
  /** Of the last words: what they may be taken for. Null: not asked. */
  intents: readonly Intent[] | null;
}

/** Talking at arm's length, and into the telephone. */
const QUIET_DBFS = -30;
const LOUD_DBFS = -15;
/** Before this nothing stops a prompt (default of `BARGE_IN_GRACE_PERIOD`). */
const GRACE_MS = 3000;

const YES: readonly Intent[] = ['affirm'];
const NO: readonly Intent[] = ['deny'];
/** Reasons, put-offs and mere refusals lead to the same: the boundary is not what is measured here. */
const RELUCTANT: readonly Intent[] = ['deny', 'objection', 'callback'];
const ASKS: readonly Intent[] = ['question'];
const STOP: readonly Intent[] = ['opt_out'];

type Phrase = readonly [id: string, intents: readonly Intent[] | null];

/** What is said in a part, by purpose; ids as in `phrases.tsv`. */
interface Repertoire {
  short: readonly Phrase[];
  sentences: readonly Phrase[];
  long: readonly Phrase[];
  /** First words, what is thought of after a pause, and whether the question is an open one. */
  hesitant: readonly { words: readonly string[]; open: boolean; intents: readonly Intent[] | null }[];
  interruptions: readonly Phrase[];
  backchannels: readonly string[];
  answer: Phrase;
}

const REPERTOIRES: Readonly<Record<Part, Repertoire>> = {
  dev: {
    short: [
      ['oui', YES],
      ['non', NO],
      ['d-accord', YES],
      ['oui-d-accord', YES],
      ['non-merci', NO],
      ['bien-sur', YES],
      ['pas-du-tout', NO],
      ['oui-allez-y', YES],
    ],
    sentences: [
      ['ca-m-interesse', YES],
      ['pas-interesse', NO],
      ['pas-le-temps', RELUCTANT],
      ['trop-cher', RELUCTANT],
      ['rappelez-demain', RELUCTANT],
      ['combien', ASKS],
      ['qui', ASKS],
    ],
    long: [
      ['femme', RELUCTANT],
      ['long-temps', RELUCTANT],
      ['long-rdv', YES],
      ['long-achat', RELUCTANT],
      ['long-offre', NO],
      ['mardi', null],
    ],
    hesitant: [
      { words: ['oui', 'euh', 'plutot-mardi'], open: true, intents: null },
      { words: ['euh', 'mardi'], open: true, intents: null },
      { words: ['parce-que', 'trop-cher'], open: true, intents: RELUCTANT },
      { words: ['oui-mais', 'pas-le-temps'], open: false, intents: RELUCTANT },
      { words: ['je-voudrais', 'en-savoir-plus'], open: false, intents: null },
      { words: ['parler-a', 'ma-femme'], open: false, intents: RELUCTANT },
      { words: ['euh', 'je-ne-sais-pas'], open: false, intents: null },
      { words: ['non-merci', 'trop-cher'], open: false, intents: RELUCTANT },
    ],
    interruptions: [
      ['attendez', null],
      ['non-merci', NO],
      ['plus', STOP],
      ['pas-interesse', NO],
      ['qui', ASKS],
      ['combien', ASKS],
      ['non', NO],
      ['arnaque', RELUCTANT],
      ['long-temps', RELUCTANT],
    ],
    backchannels: ['hum', 'd-accord', 'oui', 'ok', 'ah-oui', 'tres-bien', 'oui-oui'],
    answer: ['oui', YES],
  },
  scored: {
    short: [
      ['oui', YES],
      ['non', NO],
      ['ouais', YES],
      ['d-accord', YES],
      ['tout-a-fait', YES],
      ['volontiers', YES],
      ['non-pas-du-tout', NO],
      ['oui-je-vous-ecoute', YES],
    ],
    sentences: [
      ['veux-bien', YES],
      ['ca-m-interesse-pas', NO],
      ['budget', RELUCTANT],
      ['risque', RELUCTANT],
      ['occupe', RELUCTANT],
      ['tarif', ASKS],
      ['robot', ASKS],
    ],
    long: [
      ['reflechir', RELUCTANT],
      ['long-fournisseur', RELUCTANT],
      ['long-disponible', YES],
      ['long-confiance', RELUCTANT],
      ['long-mail', RELUCTANT],
      ['jeudi', null],
    ],
    hesitant: [
      { words: ['oui', 'euh', 'plutot-jeudi'], open: true, intents: null },
      { words: ['euh', 'jeudi'], open: true, intents: null },
      { words: ['parce-que', 'risque'], open: true, intents: RELUCTANT },
      { words: ['non-mais', 'occupe'], open: false, intents: RELUCTANT },
      { words: ['j-aimerais', 'prendre-rdv'], open: false, intents: null },
      { words: ['voir-avec', 'mon-banquier'], open: false, intents: RELUCTANT },
      { words: ['euh', 'reflechir'], open: false, intents: RELUCTANT },
      { words: ['d-accord', 'plutot-jeudi'], open: false, intents: null },
    ],
    interruptions: [
      ['excusez-moi', null],
      ['non-pas-du-tout', NO],
      ['retirez', STOP],
      ['ca-m-interesse-pas', NO],
      ['robot', ASKS],
      ['tarif', ASKS],
      ['pas-question', NO],
      ['attendre', RELUCTANT],
      ['long-confiance', RELUCTANT],
    ],
    backchannels: ['hmm', 'd-accord', 'oui', 'ok', 'd-accord-oui', 'bon-d-accord', 'ah-bon'],
    answer: ['ouais', YES],
  },
};

/** Conversations with the same echo. */
const ECHOES = 3;

/** Pauses inside an answer, ms. */
const PAUSES_MS = [300, 450, 600, 750, 900, 1200];

/** Every conversation of a part: the same ones each time. */
export function planConversations(part: Part): PlannedConversation[] {
  const plan = new Plan(part);
  plan.answers();
  plan.hesitations();
  plan.interruptions();
  plan.backchannels();
  plan.noises();
  return plan.conversations;
}

class Plan {
  readonly conversations: PlannedConversation[] = [];
  private readonly shelf: ClipShelf;
  private readonly prompts;
  private readonly repertoire: Repertoire;
  private readonly random: Random;
  private readonly others: Sound[];
  private turn = 0;

  constructor(private readonly part: Part) {
    this.shelf = new ClipShelf(part);
    this.prompts = loadPrompts(part);
    this.repertoire = REPERTOIRES[part];
    this.random = seeded(part === 'dev' ? 20_261_126 : 9_175_403);
    this.others = VOICES[part].flatMap((voice) => this.shelf.allOf(voice).slice(0, 12));
  }

  /** Short ones to closed questions, sentences and long ones to both kinds; some begin while the bot still speaks. */
  answers(): void {
    const { short, sentences, long } = this.repertoire;
    for (const voice of VOICES[this.part]) {
      for (const phrase of short) {
        this.answer('short answer', voice, phrase, this.prompts.closed, between(this.random, 150, 1500));
      }
      for (const phrase of sentences) {
        this.answer('sentence', voice, phrase, this.prompts.explaining, between(this.random, 150, 1500));
      }
      for (const phrase of long) {
        this.answer('long answer', voice, phrase, this.prompts.open, between(this.random, 200, 1800));
      }
      for (const phrase of [...short.slice(0, 4), ...sentences.slice(0, 4)]) {
        this.answer('begun early', voice, phrase, this.prompts.explaining, -between(this.random, 60, 350));
      }
    }
  }

  hesitations(): void {
    for (const voice of VOICES[this.part]) {
      for (const { words, open, intents } of this.repertoire.hesitant) {
        for (const pauseMs of [this.pick(PAUSES_MS.slice(0, 3)), this.pick(PAUSES_MS.slice(3))]) {
          const level = this.level();
          const prompt = this.pick(open ? this.prompts.open : this.prompts.closed);
          this.add('pause inside', 'answer', prompt, [
            ...words.map((id, index): LineEvent => ({
              sound: this.words(voice, id, level),
              isSpeech: true,
              after: index === 0 ? 'prompt-end' : 'previous',
              // Between the words as they are heard: every clip has 30 ms of silence at both ends, and begins within a frame.
              ms: index === 0 ? between(this.random, 200, 900) : pauseMs - 70,
              intents,
            })),
          ]);
        }
      }
    }
  }

  interruptions(): void {
    for (const voice of VOICES[this.part]) {
      for (const [id, intents] of this.repertoire.interruptions) {
        for (const late of [false, true]) {
          const prompt = this.pick(this.prompts.explaining);
          const promptMs = (prompt.sound.length / 8000) * 1000;
          const fromMs = late ? promptMs - 1200 : GRACE_MS + 100;
          const untilMs = late ? promptMs - 500 : promptMs - 1500;
          this.add(
            late ? 'interrupts late' : 'interrupts',
            'interruption',
            prompt,
            [this.said(voice, id, intents, 'prompt', between(this.random, fromMs, untilMs))],
            { background: atLevel(streetNoise(this.random, 4000), between(this.random, -60, -36)) },
          );
        }
      }
    }
  }

  /** The same words while the bot explains and as an answer. */
  backchannels(): void {
    const { backchannels } = this.repertoire;
    for (const voice of VOICES[this.part]) {
      for (const id of backchannels) {
        for (const twice of [false, true]) {
          const prompt = this.pick(this.prompts.explaining);
          const promptMs = (prompt.sound.length / 8000) * 1000;
          const firstMs = between(this.random, GRACE_MS, promptMs - 3200);
          const events = [this.said(voice, id, null, 'prompt', firstMs)];
          if (twice) events.push(this.said(voice, this.pick(backchannels), null, 'previous', 1200));
          this.add('backchannel', 'listening', prompt, [...events, this.answerTo(voice, 700)]);
        }
      }
    }
  }

  /** Sounds while the bot speaks and while the question waits, noise all along, and the bot's own echo. */
  noises(): void {
    const sudden: [string, () => Sound, number, number][] = [
      ['cough', () => cough(this.random), -24, -12],
      ['breath', () => breath(this.random), -45, -32],
      ['knock', () => knock(this.random), -25, -10],
      ['DTMF', () => dtmf(this.random), -20, -10],
    ];
    for (const [name, make, fromDb, toDb] of sudden) {
      for (let i = 0; i < 8; i++) {
        const prompt = this.pick(this.prompts.explaining);
        const sound = (): Sound => atLevel(make(), between(this.random, fromDb, toDb));
        const during = i % 4 !== 3;
        this.add(name, 'listening', prompt, [
          this.heard(
            sound(),
            during ? 'prompt' : 'prompt-end',
            during ? between(this.random, 3200, 5000) : 250,
          ),
          ...(during ? [this.heard(sound(), 'previous', between(this.random, 300, 800))] : []),
          this.answerTo(this.pick(VOICES[this.part]), during ? 700 : 1400),
        ]);
      }
    }
    const lasting: [string, (ms: number) => Sound, number[]][] = [
      ['white noise', (ms) => whiteNoise(this.random, ms), [-55, -48, -42, -36]],
      ['street', (ms) => streetNoise(this.random, ms), [-50, -42, -36, -30]],
      ['hum', hum, [-45, -35]],
      ['ringback', ringback, [-35, -25, -20]],
      ['music', (ms) => music(this.random, ms), [-42, -36, -30]],
      ['babble', (ms) => babble(this.random, this.others, ms), [-48, -42, -36]],
    ];
    for (const [name, make, levels] of lasting) {
      for (const level of levels) {
        for (let i = 0; i < 3; i++) {
          const background = atLevel(make(10_000), level);
          const voice = this.pick(VOICES[this.part]);
          this.add(
            `${name} ${level} dBFS`,
            'listening',
            this.pick(this.prompts.explaining),
            [this.answerTo(voice, 800, -18)],
            {
              background,
            },
          );
        }
      }
    }
    for (const gainDb of [-20, -24, -28, -32, -35]) {
      for (const delayMs of [0, 80, 250]) {
        const voice = this.pick(VOICES[this.part]);
        for (let i = 0; i < ECHOES; i++) {
          const prompt = this.pick(this.prompts.explaining);
          this.add(`echo ${gainDb} dB`, 'listening', prompt, [this.answerTo(voice, 800)], {
            echo: { gainDb, delayMs },
          });
        }
      }
    }
  }

  private answer(
    kind: string,
    voice: string,
    [id, intents]: Phrase,
    prompts: readonly BotPrompt[],
    afterMs: number,
  ): void {
    const prompt = this.pick(prompts);
    const promptMs = (prompt.sound.length / 8000) * 1000;
    const event =
      afterMs >= 0
        ? this.said(voice, id, intents, 'prompt-end', afterMs)
        : this.said(voice, id, intents, 'prompt', promptMs + afterMs);
    this.add(kind, 'answer', prompt, [event]);
  }

  private answerTo(voice: string, afterMs: number, levelDbfs = this.level()): LineEvent {
    const [id, intents] = this.repertoire.answer;
    return {
      sound: this.words(voice, id, levelDbfs),
      isSpeech: true,
      after: 'prompt-end',
      ms: afterMs,
      intents,
    };
  }

  private said(
    voice: string,
    id: string,
    intents: readonly Intent[] | null,
    after: LineEvent['after'],
    ms: number,
  ): LineEvent {
    return { sound: this.words(voice, id, this.level()), isSpeech: true, after, ms, intents };
  }

  private heard(sound: Sound, after: LineEvent['after'], ms: number): LineEvent {
    return { sound, isSpeech: false, after, ms, intents: null };
  }

  /** Begins anywhere within a frame. */
  private words(voice: string, id: string, levelDbfs: number): Sound {
    return joined([silence(between(this.random, 0, 20)), atLevel(this.shelf.say(voice, id), levelDbfs)]);
  }

  private level(): number {
    return between(this.random, QUIET_DBFS, LOUD_DBFS);
  }

  private pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.random() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** Where nothing else is asked for: a line with a little noise, at 15 to 40 dB below a normal voice. */
  private add(
    kind: string,
    expects: Expectation,
    prompt: BotPrompt,
    events: LineEvent[],
    line: Partial<PlannedConversation['line']> = {},
  ): void {
    this.turn += 1;
    const noise = atLevel(
      this.random() < 0.5 ? whiteNoise(this.random, 4000) : streetNoise(this.random, 4000),
      between(this.random, -62, -46),
    );
    this.conversations.push({
      id: `${this.part}-${String(this.turn).padStart(3, '0')}`,
      kind,
      expects,
      prompt,
      events,
      line: { background: noise, echo: null, ...line },
    });
  }
}
