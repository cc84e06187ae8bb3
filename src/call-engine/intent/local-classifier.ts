import type { IntentVerdict } from '../ports.ts';
import { leastCostly } from './decision.ts';
import { machineProbability } from '../turn/greeting-model.ts';
import { modelProbabilities } from './intent-model.ts';
import { spokenWords } from './phrase-book.ts';
import { readQuestion } from './question.ts';
import { decideByRule } from './rules.ts';

const RULE_CONFIDENCE = 0.98;
const LEAST_MACHINE_PROBABILITY = 0.5;

/**
 * What an utterance means, from its words and the question asked before it; under 1 ms, no service. Rules decide where
 * law or safety wants certainty. Otherwise a trained model, which sees the words, the known phrases and the question, says
 * how likely each intent is, and the intent of the least expected cost is taken: in doubt never `affirm`.
 */
export function classifyLocally(text: string, question: string | null): IntentVerdict {
  const words = spokenWords(text);
  if (words.length === 0) return { intent: 'silence', confidence: 1, method: 'rule' };
  const asked = readQuestion(question);
  const ruled = decideByRule(words, asked);
  if (ruled !== null && (ruled !== 'machine' || mayBeMachine(text))) {
    return { intent: ruled, confidence: RULE_CONFIDENCE, method: 'rule' };
  }
  const probabilities = modelProbabilities(words, asked);
  const likely = leastCostly(probabilities);
  const intent =
    likely !== 'machine' || mayBeMachine(text) ? likely : leastCostly({ ...probabilities, machine: 0 });
  return { intent, confidence: probabilities[intent], method: 'local' };
}

/** Who ends a call as a machine must sound like one to the model of greetings too: people speak of messages. */
function mayBeMachine(text: string): boolean {
  return machineProbability(text) >= LEAST_MACHINE_PROBABILITY;
}
