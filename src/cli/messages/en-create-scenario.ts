import type { Intent } from '../../call-engine/intent/intents.ts';
import type { Disclosure } from '../../call-engine/ports.ts';
import type { Retry } from '../../scenario-plan/plan.ts';

const mustSay: Record<Disclosure, string> = {
  automated: 'that a machine is calling (“ceci est un appel automatisé”)',
  caller: 'for whom (“ici …”, “de la part de …”)',
  opposition: 'how to object (“vous pouvez demander à ne plus être appelé”)',
  recording: 'that the call is recorded (“cet appel est enregistré”)',
};

const retries: Record<Retry, string> = {
  own: 'in other words, recorded for it (retry_….wav)',
  same: 'by the same recording again',
  none: 'not at all',
};

export const enCreateScenario = {
  help: {
    description: 'Make a scenario: asks for what it needs, or takes it from options',
    name: 'name of the scenario',
    text: 'what it is for',
    voice: 'voice that speaks: a folder in AUDIO_DIR',
    theme: 'objection theme beside the standard one (default: standard)',
    turns: 'objections answered in one call, 0 to 5 (default: 3)',
    timeout: 'seconds to wait for an answer, 1 to 15 (default: LISTEN_TIMEOUT)',
    bargeIn: 'prompts do not give way to somebody who speaks over them',
    retry: 'how a question is put again: own (a recording of its own), same or none (default: own)',
    question: 'a question: step=text, in the order in which they are asked; give it once for each',
    determinant: 'questions to which a refusal ends the call, separated by commas',
    caller: 'for whom it is called, e.g. "GoldInvest": said first, with what the law asks for',
    disclosure: 'the same in your own words',
    recordingNotice: 'people are told that calls are recorded',
    voicemail: 'message left on an answering machine (default: hang up)',
    fromJson: 'the answers to all questions as JSON, from a file or - (docs/scenarios.md)',
    id: 'name of the file, without .json (default: made of the name)',
    force: 'replace a scenario of this name',
    dryRun: 'show what would be written; write nothing',
  },

  title: 'Scenario creator – MiniBotPanel',
  keys: 'Enter: next · Esc: back · Ctrl+C: stop, nothing is written',
  yes: 'Yes',
  no: 'No',
  cancelled: 'called off; nothing was written',

  name: 'Name of the scenario',
  description: 'What is it for? (may stay empty)',
  voice: 'Voice (folders of AUDIO_DIR)',
  recordings: (count: string) => `${count} recordings`,
  otherVoice: 'another voice, not recorded yet',
  newVoice: 'Name of the new voice: letters, digits, _ and -',
  count: (max: number) => `How many questions does it ask? (1 to ${max})`,

  step: (number: number, all: number) => `Question ${number} of ${all}: name of its step`,
  recording: (step: string) => `${step}: recording`,
  notRecorded: 'not recorded yet',
  transcribing: (file: string) => `Listening to ${file}`,
  knownFrom: (scenario: string) => `Words from scenario ${scenario}`,
  transcribed: (percent: string) => `Transcription by Vosk (${percent} % sure): correct it`,
  words: (step: string) => `${step}: what it says ({{first_name}}, {{company}} … may stand in it)`,
  kind: (step: string) => `${step}: kind of question`,
  normal: 'Normal: a refusal goes on to the next question',
  determinant: 'Determinant: a refusal ends the call',

  retry: 'Nothing said, or not understood: how is the question put again?',
  retries,
  retryWords: (step: string) => `${step}, put again: what it says`,
  theme: 'Objections of which theme are answered (beside the standard ones)?',
  themeOf: (title: string, count: string) => `${title} (${count} objections)`,
  bargeIn: (grace: string) =>
    `May people interrupt the prompts? (not in their first ${grace} s: BARGE_IN_GRACE_PERIOD)`,
  timeout: 'Seconds to wait for an answer',
  turns: 'How many objections are answered in one call, at most?',
  turnsOf: (turns: number) =>
    ['0: none', '1', '2', '3: recommended', '4', '5: the most'][turns] ?? String(turns),

  isRecorded: 'Will these calls be recorded? People are told then.',
  caller: 'For whom is it called? (a company; people must be told)',
  opening: (what: string[]) => `Said first (disclosure.wav). It must say ${what.join(', ')}`,
  mustSay,
  optOut: 'Said to somebody who does not want to be called again (opt_out.wav)',
  success: 'Goodbye after a success (bye.wav)',
  refusal: 'Goodbye after a refusal (bye_not_interested.wav)',
  onMachine: 'An answering machine answers',
  hangUp: 'hang up',
  leaveMessage: 'leave a message after the beep',
  message: 'What the message says (voicemail.wav)',

  ways: 'Where answers lead',
  whichChange: 'Change where answers lead? Space marks a question; Enter alone leaves it so',
  transition: (step: string, intent: Intent) => `${step}: “${intent}” leads to`,

  id: 'Save as (file name without .json)',
  summary: 'Summary',
  unusable: 'It cannot be used like that',
  save: (id: string) => `Save as ${id}.json?`,
  mend: 'Mend it',
  goBack: 'Back, to change something',

  summaryOf: {
    name: 'Name',
    voice: 'Voice',
    steps: 'Steps',
    stepsOf: (all: string, questions: string, others: string) =>
      `${all} (${questions} questions + ${others} others)`,
    objections: 'Objections',
    noObjections: 'none answered',
    bargeIn: 'Barge-in',
  },

  invalid: {
    name: 'Give it a name of 1 to 200 characters.',
    text: 'At most 2000 characters.',
    spoken: 'Write what is said, in at most 2000 characters.',
    voice: 'Letters, digits, _ and -, no spaces or accents.',
    count: (max: number) => `Give a number from 1 to ${max}.`,
    step: 'A letter, then letters, digits, _ or -.',
    stepTwice: 'Another question is called so.',
    stepMade: 'This name is used for a step that is made by itself: choose another.',
    timeout: (max: number) => `Give seconds, 1 to ${max}.`,
    caller: 'Name who is calling, in at most 100 characters.',
    untold: (what: string[]) => `People are not told ${what.join(', ')}.`,
    id: 'Letters, digits, _ and -.',
    taken: 'There is a scenario of this name: choose another (--force replaces it).',
    question: 'Give step=text, e.g. --question "hello=Avez-vous deux minutes ?".',
  },

  noTerminal:
    'create-scenario asks its questions on a terminal, and there is none. Give the answers as options: ' +
    '--name, --question STEP=TEXT (once for each) and --caller NAME at least, or --from-json FILE; see --help',
  withoutQuestions: 'give at least one --question STEP=TEXT, or "questions" in the JSON',
  untold: (what: string[]) =>
    `people must be told ${what.join(', ')} before anything is asked: give --caller NAME or --disclosure TEXT, or say it in the first question`,
  badPlan: (faults: string[]) => `this makes no scenario: ${faults.join('; ')}`,
  noQuestion: (step: string) => `--determinant names ${step}, which is no question`,
  unknownTheme: (theme: string, known: string) => `there is no objection theme ${theme}; there are: ${known}`,
  badJson: (file: string, why: string) => `${file} is no valid JSON: ${why}`,
  noText: (file: string) => `${file} is no text file: give the answers as JSON (docs/scenarios.md)`,
  jsonTooLarge: (file: string) => `${file} is larger than a megabyte: is it the right file?`,
  taken: (file: string) => `${file} is there already: choose another --id, or give --force to replace it`,
  badId: (id: string) =>
    id === ''
      ? 'no file name can be made of this name: give --id'
      : `“${id}” is no file name for a scenario: letters, digits, _ and -`,

  saidOtherwise: (audioPath: string, scenario: string, text: string) =>
    `${audioPath} says “${text}” in scenario ${scenario}: record another, or give the words it says`,

  saved: (file: string) => `✅ Scenario saved: ${file}`,
  wouldSave: (file: string) => `Dry run: ${file} would be written`,
  complete: 'Every recording is there.',
  unprepared: (count: string, voice: string) =>
    `${count} recordings are not prepared for the telephone yet: minibot setup-audio ${voice}`,
  unrecorded: (count: string, all: string, names: string) =>
    `${count} of ${all} recordings do not exist yet: ${names}`,
  draftThem: (voice: string, id: string) =>
    `Record them in AUDIO_DIR/${voice}, or have a machine speak them for now: minibot draft-voice ${voice} --scenario ${id}`,
  rehearse: (id: string) => `Rehearse it in writing: minibot scenario simulate ${id}`,
};
