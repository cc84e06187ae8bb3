import type { AmdVerdict } from '../src/call-engine/ports.ts';
import {
  AnsweringMachineDetector,
  type AnsweringMachineOptions,
} from '../src/call-engine/turn/answering-machine.ts';
import { machineProbability } from '../src/call-engine/turn/greeting-model.ts';
import { loadConfig } from '../src/config.ts';
import { OperatorError } from '../src/errors.ts';
import { callSessionOptions } from '../src/workers/call-settings.ts';
import type { Bar, Evaluation, EvaluationContext, Prediction, ScoredRow, Subject } from './evaluation.ts';
import { isRight, shareOf } from './scores.ts';
import { invalidLine } from './tsv.ts';

/** In doubt a call is treated as answered by a person: so is the label. */
const LABELS = new Map([
  ['HUMAN', 'HUMAN'],
  ['UNKNOWN', 'HUMAN'],
  ['MACHINE', 'MACHINE'],
]);

/** Hanging up on a person is worse than talking to a machine. */
const COST_OF_LOST_PERSON = 10;
const COST_OF_MISTAKE = 1;

const FRAME_MS = 20;

/** Person or machine by the words of the greeting: of timing the detector gets too little to be sure of a machine. */
export const amd: Evaluation = {
  name: 'amd',
  description: 'person or machine, by the words of the greeting (TSV: text, label)',
  columns: ['text', 'label'],
  defaultFile: 'test/corpus/amd-held-out.tsv',
  prepare: (context) => Promise.resolve(subjectOf(context)),
};

function subjectOf({ rows, file }: EvaluationContext): Subject {
  const { amd: settings } = callSessionOptions(loadConfig({}));
  if (settings === null) throw new OperatorError('EVAL_AMD_OFF', 'AMD is off by default: nothing to score');
  return {
    expected: rows.map(({ line, columns }) => {
      const label = (columns['label'] ?? '').trim();
      const expected = LABELS.get(label.toUpperCase());
      if (expected === undefined) {
        throw invalidLine(file, line, `"${label}" is no label: write ${[...LABELS.keys()].join(', ')}`);
      }
      return expected;
    }),
    predict: ({ columns }) => judge(columns['text'] ?? '', settings.machine),
    costOf: costOfAmd,
    classOf: ({ expected: actual, predicted: taken }) => ({ actual, taken }),
    bars: barsOf,
  };
}

/** One voiced frame with all the words, then silence until the detector is done. */
function judge(text: string, options: AnsweringMachineOptions): Prediction {
  const detector = new AnsweringMachineDetector(options);
  let verdict: AmdVerdict | null = null;
  for (let nowMs = FRAME_MS; verdict === null; nowMs += FRAME_MS) {
    const isVoiced = nowMs === FRAME_MS && text.trim() !== '';
    verdict = detector.advance({ nowMs, frameMs: FRAME_MS, isVoiced, text, tone: null });
  }
  const byWords = verdict.reason.startsWith('words:');
  const probability = machineProbability(text);
  return {
    predicted: verdict.result === 'MACHINE' ? 'MACHINE' : 'HUMAN',
    score: verdict.result === 'MACHINE' ? probability : 1 - probability,
    method: byWords ? 'words' : 'in-doubt',
  };
}

/** What it costs to act on `predicted` where `expected` was meant. */
export function costOfAmd(expected: string, predicted: string): number {
  if (expected === predicted) return 0;
  return expected === 'HUMAN' ? COST_OF_LOST_PERSON : COST_OF_MISTAKE;
}

function barsOf(rows: readonly ScoredRow[]): Bar[] {
  const people = rows.filter(({ expected }) => expected === 'HUMAN');
  return [
    { name: 'right, by words', measured: shareOf(rows, isRight), limit: 0.95, direction: 'at-least' },
    {
      name: 'person taken for a machine',
      measured: shareOf(people, ({ predicted }) => predicted === 'MACHINE'),
      limit: 0.01,
      direction: 'at-most',
    },
  ];
}
