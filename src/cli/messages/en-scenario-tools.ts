import type { EndingReason } from '../../call-engine/scenario/machine.ts';

const reasons: Record<EndingReason, string> = {
  'final-step': 'final step',
  'no-transition': 'the scenario leads nowhere from there',
  'step-limit': 'too many steps',
  'opt-out': 'asked not to be called again',
  callback: 'asked to be called later',
  'wrong-number': 'wrong number',
  machine: 'answering machine',
  'prompt-failed': 'a prompt could not be played',
};

export const enScenarioTools = {
  help: {
    simulate: 'Walk through a scenario by typed answers: intents, objections, steps; nobody is called',
    id: 'scenario (see: minibot scenario list)',
    graph: 'Draw a scenario',
    graphFormat: 'mermaid, svg or text (default: what the name of the output says, else mermaid)',
    graphOutput: 'file to write (default: standard output)',
    debug: 'Try one part of the engine at a time',
    debugIntent: 'Say what an answer would be taken for, and why',
    debugObjection: 'Say which objection a text raises, and how surely',
    debugText: 'what the person says, in quotation marks',
    debugQuestion: 'what the bot had asked',
    debugTheme: 'objection theme, beside the standard one (default: standard)',
    answers: 'file with one answer on each line, in place of the keyboard',
  },

  graph: {
    written: (file: string) => `The drawing is in ${file}`,
    formats: (allowed: string) => `Give one of: ${allowed}.`,
  },

  debug: {
    intent: 'Intent',
    method: 'Decided by',
    words: 'Words',
    question: 'Question',
    noQuestion: 'none given (--question)',
    likely: 'Local model',
    objection: 'Nearest',
    score: 'Score',
    answer: 'Answer',
    recording: 'Recording',
    notAnswered: 'none: not sure enough',
    noObjection: 'Raises no objection.',
  },

  simulate: {
    title: (name: string) => `“${name}”, in writing`,
    help: 'Answer as the person called. Enter alone or /silence: says nothing. !text: said over the prompt. /hangup: hangs up.',
    you: '👤',
    intent: (intent: string, percent: string, method: string) => `${intent} (${percent} %, ${method})`,
    objection: (id: string, percent: string) => `objection ${id} (${percent} %)`,
    ignored: 'said over a prompt that does not give way: not taken for an answer',
    noBargeIn: 'does not give way when spoken over',
    tooLarge: (file: string) => `${file} holds more than any call: give one answer on each line`,
    over: (result: string, reason: string | null) =>
      reason === null ? `📞 Call over: ${result}` : `📞 Call over: ${result} (${reason})`,
    unfinished: 'The answers are used up; the call would go on.',
    reasons,
  },
};
