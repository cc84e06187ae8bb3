import type { TurnEnd } from '../../call-engine/turn/endpointing.ts';

const rules: Record<TurnEnd, string> = {
  'short-answer': 'complete short answer',
  sentence: 'sentence that can stand alone',
  open: 'answer to an open question',
  'bare-answer': 'bare answer to an open question',
  unclear: 'nothing understood',
  unfinished: 'unfinished phrase (SILENCE_THRESHOLD)',
  'longest-turn': 'longest turn reached',
};

export const enDebugAudio = {
  help: {
    vad: 'Show what of a sound counts as speech, and where turns end, as in a call',
    asr: 'Show what the recogniser of calls understands of a sound, while it hears it',
    file: 'sound file: WAV, MP3, M4A, FLAC, OGG or AAC',
    channel: 'left or right of a stereo file; of a recorded call, left is the person, right the bot',
    telephone: 'hear it through a telephone line first: 300 to 3400 Hz, µ-law',
    question: 'what the bot had asked: how long a pause ends a turn depends on it',
  },

  progress: 'Hearing',
  unusable: (file: string, problem: string) => `${file} ${problem}`,
  deaf: 'There is no speech model (VOSK_MODEL_PATH): pauses are judged without words.',
  synthetic: 'The model that ships knows synthetic voices only: it does not understand people.',

  titles: { time: '', level: 'level', voiced: 'voiced', speech: 'speech', turn: 'turn' },
  legend: 'level: −60 to 0 dBFS · turn: speech ═, then pause ─ until it is over ┤',

  sound: 'Sound',
  soundOf: (seconds: string, kiloHertz: string) => `${seconds} s, heard at ${kiloHertz} kHz`,
  throughTelephone: 'through a telephone line',
  detector: 'Detector',
  detectorOf: (mode: number, voiced: number, window: number, stop: number) =>
    `VAD_MODE ${mode}; begins: ${voiced} of ${window} ms voiced, ends: ${stop} ms unvoiced`,
  gate: 'Noise gate',
  gateOf: (above: string, minimum: string) => `${above} dB above the noise, ${minimum} dBFS at least`,
  floor: 'Noise',
  floorOf: (low: string, high: string) => `${low} to ${high} dBFS`,
  frames: 'Frames',
  framesOf: (voiced: string, all: string, seconds: string) => `${voiced} of ${all} voiced (${seconds} s)`,
  question: 'Question',
  questionOf: { closed: 'closed: yes or no', open: 'open: a fact or a reason' },
  utterances: (count: string) => `Utterances: ${count}`,
  noSpeech: 'Nothing in it counts as speech.',
  start: 'From',
  end: 'To',
  length: 'Length',
  levelOf: 'Level',
  turns: (count: string) => `Turns: ${count}`,
  number: 'Turn',
  over: 'Over at',
  pause: 'Pause',
  rule: 'Because of',
  rules,
  words: 'Words',

  partials: 'While it was spoken',
  at: 'At',
  heard: 'Heard',
  final: 'Final',
  nothing: '(nothing understood)',
  confidence: 'Confidence',
  word: 'Word',
  unknownWords: 'Some of it is outside the vocabulary.',
  speed: 'Speed',
  speedOf: (factor: string, decoding: string) => `real-time factor ${factor} (${decoding} s of decoding)`,
};
