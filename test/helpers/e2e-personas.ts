/**
 * Who can be called in the end-to-end tests, in the simulator's persona format: quick, and fitted to the prompts of
 * `test/fixtures/e2e/scenarios/short.json`. Clips are the simulator's.
 */
const RING_MS = 200;

const answers = { then: 'answer', ringMs: RING_MS };
const saysHello = { onAnswer: 100, says: 'allo-f5.wav' };
const saysHelloDeeply = { onAnswer: 100, says: 'allo-m7.wav' };
const saysNothingMore = { hears: 'bye*' };

const agreeing = {
  leg: answers,
  script: [
    saysHello,
    { hears: 'hello.wav', afterMs: 200, says: 'oui-allez-y-f5.wav' },
    { hears: 'offer.wav', afterMs: 200, says: 'oui-disponible-mardi-f5.wav' },
    saysNothingMore,
  ],
  expects: { hears: ['hello.wav', 'offer.wav', 'bye.wav'], endedBy: 'caller' },
};

const refusedBySwitch = (sipStatus: number) => ({ leg: { then: 'refuse', ringMs: 0, sipStatus } });

const PERSONA_ATTEMPTS = {
  agrees: [agreeing],
  /** A 183 with sound while it rings. */
  'early-media': [{ ...agreeing, leg: { then: 'answer', ringMs: 600, earlyMedia: true } }],
  refuses: [
    {
      leg: answers,
      script: [
        saysHelloDeeply,
        { hears: 'hello.wav', afterMs: 200, says: 'non-merci-m7.wav' },
        saysNothingMore,
      ],
      expects: { hears: ['bye_not_interested.wav'], neverHears: ['offer.wav'], endedBy: 'caller' },
    },
  ],
  objects: [
    {
      leg: answers,
      script: [
        { onAnswer: 100, says: 'allo-fr.wav' },
        { hears: 'hello.wav', afterMs: 200, says: 'oui-je-vous-ecoute-fr.wav' },
        { hears: 'offer.wav', afterMs: 200, says: 'c-est-trop-cher-fr.wav' },
        saysNothingMore,
        { hears: '*', afterMs: 200, says: 'oui-ca-m-interesse-fr.wav', times: 1 },
      ],
      expects: { hears: ['hello.wav', 'offer.wav', 'bye.wav'], endedBy: 'caller' },
    },
  ],
  interrupts: [
    {
      leg: answers,
      script: [
        saysHello,
        { hears: 'hello.wav', afterMs: 200, says: 'oui-allez-y-f5.wav' },
        { during: 'offer.wav', atMs: 1500, says: 'oui-mardi-quatorze-heures-f5.wav', times: 1 },
        saysNothingMore,
      ],
      expects: { hears: ['offer.wav', 'bye.wav'], cuts: ['offer.wav'], endedBy: 'caller' },
    },
  ],
  murmurs: [
    {
      leg: answers,
      script: [
        saysHelloDeeply,
        { hears: 'hello.wav', afterMs: 200, says: 'oui-m7.wav' },
        { during: 'offer.wav', atMs: 1500, says: 'hum-m7.wav', times: 1 },
        { hears: 'offer.wav', afterMs: 200, says: 'oui-ca-m-interesse-m7.wav' },
        saysNothingMore,
      ],
      expects: { hears: ['offer.wav', 'bye.wav'], endedBy: 'caller' },
    },
  ],
  /** Holds the line as long as somebody else does; agrees when it is called again. */
  'listens-for-ever': [{ leg: answers, script: [saysHello] }, agreeing],
  'hangs-up': [
    {
      leg: answers,
      script: [
        saysHelloDeeply,
        { hears: 'hello.wav', afterMs: 200, says: 'oui-m7.wav' },
        { during: 'offer.wav', atMs: 1000, hangsUp: true },
      ],
      expects: { hears: ['offer.wav'], neverHears: ['bye*'], endedBy: 'callee' },
    },
  ],
  machine: [
    {
      leg: answers,
      script: [
        { onAnswer: 100, says: ['greeting-messagerie-fr.wav', 'beep.wav'] },
        { idleMs: 20_000, hangsUp: true },
      ],
      expects: { neverHears: ['hello.wav'], endedBy: 'caller' },
    },
  ],
  'machine-without-beep': [
    {
      leg: answers,
      script: [
        { onAnswer: 100, says: 'greeting-messagerie-fr.wav' },
        { idleMs: 20_000, hangsUp: true },
      ],
      expects: { hears: ['message.wav'], neverHears: ['hello.wav'], endedBy: 'caller' },
    },
  ],
  'full-mailbox': [
    {
      leg: answers,
      script: [
        { onAnswer: 100, says: ['messagerie-pleine-fr.wav', 'beep.wav'] },
        { idleMs: 20_000, hangsUp: true },
      ],
      expects: { neverHears: ['message.wav', 'hello.wav'], endedBy: 'caller' },
    },
  ],
  'speaks-long': [
    {
      leg: answers,
      script: [
        {
          onAnswer: 100,
          says: ['allo-f5.wav', 'oui-je-vous-ecoute-fr.wav', 'pas-le-temps-rappelez-moi-be.wav'],
        },
        { hears: 'hello.wav', afterMs: 200, says: 'non-merci-f5.wav' },
        saysNothingMore,
      ],
      expects: { hears: ['hello.wav'], neverHears: ['message.wav'], endedBy: 'caller' },
    },
  ],
  busy: [refusedBySwitch(486)],
  'turns-away': [{ leg: { then: 'refuse', ringMs: 700, sipStatus: 486 } }],
  declines: [{ leg: { then: 'refuse', ringMs: 700, sipStatus: 603 } }],
  'invalid-number': [refusedBySwitch(404)],
  'no-answer-then-agrees': [{ leg: { then: 'ring' } }, agreeing],
  'opts-out': [
    {
      leg: answers,
      script: [
        saysHelloDeeply,
        { hears: 'hello.wav', afterMs: 200, says: 'ne-m-appelez-plus-m7.wav' },
        saysNothingMore,
      ],
      expects: { hears: ['hello.wav', 'opt_out.wav'], neverHears: ['offer.wav'], endedBy: 'caller' },
    },
  ],
  'stays-silent': [
    {
      leg: answers,
      script: [saysHelloDeeply, saysNothingMore],
      expects: { hears: ['hello.wav', 'bye_silence.wav'], neverHears: ['offer.wav'], endedBy: 'caller' },
    },
  ],
  noise: [
    {
      leg: answers,
      script: [{ onAnswer: 0, says: 'tel-noise-01.wav', loops: true }],
      expects: { neverHears: ['offer.wav'], endedBy: 'caller' },
    },
  ],
} as const;

export type PersonaName = keyof typeof PERSONA_ATTEMPTS;

/** The content of each persona's file. */
export function personaFiles(): { file: string; content: string }[] {
  return Object.entries(PERSONA_ATTEMPTS).map(([name, attempts]) => ({
    file: `${name}.json`,
    content: JSON.stringify({ description: name, attempts }),
  }));
}
