import path from 'node:path';
import type { CallSessionOptions } from '../src/call-engine/call-session.ts';
import type { AmdVerdict } from '../src/call-engine/ports.ts';
import type { AnswerScreenOptions } from '../src/call-engine/turn/answer-screen.ts';
import {
  AnsweringMachineDetector,
  type AnsweringMachineOptions,
} from '../src/call-engine/turn/answering-machine.ts';
import { machineProbability } from '../src/call-engine/turn/greeting-model.ts';
import { loadConfig, readEnvironment } from '../src/config.ts';
import { OperatorError } from '../src/errors.ts';
import { callSessionOptions } from '../src/workers/call-settings.ts';
import { percentile } from '../src/percentile.ts';
import { GreetingScreen, type ScreenedGreeting } from './amd-audio.ts';
import type {
  Bar,
  Details,
  Evaluation,
  EvaluationContext,
  Prediction,
  ScoredRow,
  Subject,
} from './evaluation.ts';
import { isRight, shareOf } from './scores.ts';
import { readTelephoneAudio } from './telephone-audio.ts';
import { invalidLine, type TsvRow } from './tsv.ts';

/** In doubt a call is treated as answered by a person: so is the label. */
const LABELS = new Map([
  ['HUMAN', 'HUMAN'],
  ['UNKNOWN', 'HUMAN'],
  ['MACHINE', 'MACHINE'],
]);

/** Reasons of verdicts by what decided. */
const METHODS: Readonly<Record<string, string>> = { tone: 'beep', deadline: 'limit' };

/** Hanging up on a person is worse than talking to a machine. */
const COST_OF_LOST_PERSON = 10;
const COST_OF_MISTAKE = 1;

const FRAME_MS = 20;

/**
 * Person or machine. By words alone where the file has no recordings: of timing the detector gets too little then to be
 * sure of a machine.
 */
export const amd: Evaluation = {
  name: 'amd',
  description: 'person or machine, by words (TSV: text, label) or by recordings (TSV: file, label)',
  columns: ['label'],
  defaultFile: 'test/corpus/amd-held-out.tsv',
  prepare: (context) =>
    context.rows.some(({ columns }) => columns['file'] !== undefined)
      ? subjectOfRecordings(context)
      : Promise.resolve(subjectOfWords(context)),
};

function subjectOfWords(context: EvaluationContext): Subject {
  const { machine } = screenOptions(callSessionOptions(loadConfig({})));
  const unworded = context.rows.find(({ columns }) => columns['text'] === undefined);
  if (unworded !== undefined) {
    throw invalidLine(context.file, unworded.line, 'there is no cell for text, nor one for file');
  }
  return {
    expected: expectedOf(context),
    predict: ({ columns }) => judge(columns['text'] ?? '', machine),
    costOf: costOfAmd,
    classOf: ({ expected: actual, predicted: taken }) => ({ actual, taken }),
    bars: (rows) => barsOf(rows, 'words'),
  };
}

/** All recordings are screened here, one after the other: what is timed is the audio. */
async function subjectOfRecordings(context: EvaluationContext): Promise<Subject> {
  const expected = expectedOf(context);
  const config = loadConfig(settingsOfAmd());
  const session = callSessionOptions(config);
  const screened = new Map<TsvRow, ScreenedGreeting>();
  const screen = await GreetingScreen.open(config, session, screenOptions(session));
  try {
    for (const row of context.rows) {
      const file = path.join(path.dirname(context.file), row.columns['file'] ?? '');
      screened.set(row, await screen.screen(await readTelephoneAudio(file)));
    }
  } finally {
    await screen.close();
  }
  return {
    expected,
    predict: (row) => {
      const verdict = screened.get(row);
      if (verdict === undefined) throw new Error(`line ${row.line} was not screened`);
      return {
        predicted: verdict.result === 'MACHINE' ? 'MACHINE' : 'HUMAN',
        score: verdict.result === 'UNKNOWN' ? 0.5 : 1,
        method: methodOf(verdict),
        told: { reason: verdict.reason, heard: verdict.text, afterMs: verdict.afterMs },
      };
    },
    costOf: costOfAmd,
    classOf: ({ expected: actual, predicted: taken }) => ({ actual, taken }),
    bars: (rows) => barsOf(rows, 'recordings'),
    details: (rows) => [decisionsOf(rows, screened)],
  };
}

/** What the environment says of AMD and the speech model; everything else is as it ships. */
function settingsOfAmd(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(readEnvironment()).filter(([name]) => /^(?:AMD|VOSK|VAD)_/.test(name)),
  );
}

function screenOptions({ amd: settings }: CallSessionOptions): AnswerScreenOptions {
  if (settings === null) throw new OperatorError('EVAL_AMD_OFF', 'AMD_ENABLED is false: nothing to score');
  return settings;
}

function expectedOf({ rows, file }: EvaluationContext): string[] {
  return rows.map(({ line, columns }) => {
    const label = (columns['label'] ?? '').trim();
    const expected = LABELS.get(label.toUpperCase());
    if (expected === undefined) {
      throw invalidLine(file, line, `"${label}" is no label: write ${[...LABELS.keys()].join(', ')}`);
    }
    return expected;
  });
}

function methodOf({ reason }: AmdVerdict): string {
  const [kind = reason] = reason.split(':');
  return METHODS[kind] ?? kind;
}

/** How many verdicts each method gave, how many of them were right, and after how much audio. */
function decisionsOf(rows: readonly ScoredRow[], screened: ReadonlyMap<TsvRow, AmdVerdict>): Details {
  const line = (method: string, decided: readonly ScoredRow[]): string[] => {
    const afterMs = decided.map(({ row }) => screened.get(row)?.afterMs ?? 0);
    return [
      method,
      String(decided.length),
      String(decided.filter(isRight).length),
      `${percentile(afterMs, 0.5) ?? '–'} ms`,
      `${percentile(afterMs, 0.95) ?? '–'} ms`,
    ];
  };
  const methods = [...new Set(rows.map(({ method }) => method))].sort();
  return {
    title: 'Decided by, after how much audio since the answer',
    head: ['method', 'verdicts', 'right', 'p50', 'p95'],
    rows: [
      ...methods.map((method) =>
        line(
          method,
          rows.filter((row) => row.method === method),
        ),
      ),
      line('all', rows),
    ],
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

function barsOf(rows: readonly ScoredRow[], by: string): Bar[] {
  const people = rows.filter(({ expected }) => expected === 'HUMAN');
  return [
    { name: `right, by ${by}`, measured: shareOf(rows, isRight), limit: 0.95, direction: 'at-least' },
    {
      name: 'person taken for a machine',
      measured: shareOf(people, ({ predicted }) => predicted === 'MACHINE'),
      limit: 0.01,
      direction: 'at-most',
    },
  ];
}
