import pino from 'pino';
import { modelProbabilities } from '../../call-engine/intent/intent-model.ts';
import { INTENTS } from '../../call-engine/intent/intents.ts';
import { spokenWords } from '../../call-engine/intent/phrase-book.ts';
import { readQuestion } from '../../call-engine/intent/question.ts';
import { loadObjectionThemes } from '../../call-engine/objections/load.ts';
import { ObjectionLearner } from '../../call-engine/objections/match.ts';
import { loadConfig } from '../../config.ts';
import { openIntentEngine } from '../../workers/intent-engine.ts';
import type { CommandContext } from '../command-context.ts';
import { formatDecimal } from '../format.ts';

const MAX_SHOWN = 4;
const LEAST_SHOWN = 0.01;

/** What an answer would be taken for, and how the words and the question led there. */
export async function runDebugIntent(
  context: CommandContext,
  text: string,
  options: { question?: string },
): Promise<undefined> {
  const { messages, terminal, signal } = context;
  const texts = messages.scenarioTools.debug;
  const config = loadConfig(context.environment);
  const question = options.question ?? null;
  const logger = pino({ level: context.verbose ? 'debug' : 'silent' }, pino.destination(2));
  const classifier = openIntentEngine(config, logger);
  try {
    const verdict = await classifier.classify({ text, question, signal });
    const words = spokenWords(text);
    const asked = readQuestion(question);
    const probabilities = modelProbabilities(words, asked);
    if (context.json) {
      terminal.printJson({ text, words, question: { text: question, ...asked }, ...verdict, probabilities });
      return undefined;
    }
    const percent = (share: number): string => `${formatDecimal(share * 100, messages)} %`;
    const likely = INTENTS.map((intent) => ({ intent, share: probabilities[intent] }))
      .sort((a, b) => b.share - a.share)
      .filter(({ share }) => share >= LEAST_SHOWN)
      .slice(0, MAX_SHOWN);
    terminal.printFacts([
      [texts.intent, `${verdict.intent} (${percent(verdict.confidence)})`],
      [texts.method, `${verdict.method} (INTENT_ENGINE=${config.intent.engine})`],
      [texts.words, words.join(' ')],
      [texts.question, question === null ? texts.noQuestion : asked.kind],
      [texts.likely, likely.map(({ intent, share }) => `${intent} ${percent(share)}`).join(', ')],
    ]);
  } finally {
    await classifier.close();
  }
  return undefined;
}

/** The objection that a text is nearest to, though it may not be near enough to be answered. */
export async function runDebugObjection(
  context: CommandContext,
  text: string,
  { theme }: { theme: string },
): Promise<undefined> {
  const { messages, terminal } = context;
  const texts = messages.scenarioTools.debug;
  const { objections, audio } = loadConfig(context.environment);
  const themes = await loadObjectionThemes({ directory: objections.dir, theme });
  const nearestTo = await new ObjectionLearner().matcher({ themes, voice: audio.defaultVoice, minScore: 0 });
  const nearest = nearestTo(text);
  const isAnswered = nearest !== null && nearest.score >= objections.minScore;
  if (context.json) {
    terminal.printJson({ text, theme, minScore: objections.minScore, isAnswered, nearest });
    return undefined;
  }
  if (nearest === null) {
    terminal.printLine(texts.noObjection);
    return undefined;
  }
  const least = `OBJECTION_MIN_SCORE ${formatDecimal(objections.minScore * 100, messages)} %`;
  terminal.printFacts([
    [texts.objection, nearest.objectionId],
    [texts.score, `${formatDecimal(nearest.score * 100, messages)} % (${least})`],
    [texts.answer, isAnswered ? nearest.responseText : texts.notAnswered],
    [texts.recording, isAnswered ? nearest.audioPath : null],
  ]);
  return undefined;
}
