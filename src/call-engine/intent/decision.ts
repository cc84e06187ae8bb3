import { INTENTS, type Intent } from './intents.ts';

/**
 * Log-probabilities are divided by this; above 1 is less sure. What makes cross-validation the least surprised
 * (`npm run train-intents -- --cross-validate`).
 */
const TEMPERATURE = 1;

/**
 * What it costs to act on `affirm` although the person meant the other: a refusal taken for consent is the worst that
 * this system can do. Every other mistake costs 1. Chosen by cross-validation: higher costs lose more consents than they
 * save refusals.
 */
const COST_OF_FALSE_CONSENT: Partial<Record<Intent, number>> = {
  opt_out: 16,
  deny: 9,
  wrong_number: 2,
  callback: 1.5,
  objection: 1.5,
  machine: 2,
};

/** Calibrated: of what is said with 0.8, eight in ten should be right. In the order of `INTENTS`. */
export function probabilitiesOf(logProbabilities: readonly number[]): Record<Intent, number> {
  const powers = logProbabilities.map((logProbability) => Math.exp(logProbability / TEMPERATURE));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const of = (intent: Intent): number => (powers[INTENTS.indexOf(intent)] ?? 0) / total;
  return {
    affirm: of('affirm'),
    deny: of('deny'),
    question: of('question'),
    objection: of('objection'),
    silence: of('silence'),
    not_understood: of('not_understood'),
    opt_out: of('opt_out'),
    callback: of('callback'),
    wrong_number: of('wrong_number'),
    machine: of('machine'),
  };
}

/** The intent that is best acted on; as costs are, `affirm` must be much likelier than a refusal. */
export function leastCostly(probabilities: Readonly<Record<Intent, number>>): Intent {
  let best: { intent: Intent; cost: number } = { intent: 'not_understood', cost: Number.POSITIVE_INFINITY };
  for (const intent of INTENTS) {
    const cost = INTENTS.reduce(
      (sum, meant) => sum + (meant === intent ? 0 : probabilities[meant] * costOf(intent, meant)),
      0,
    );
    if (cost < best.cost) best = { intent, cost };
  }
  return best.intent;
}

function costOf(taken: Intent, meant: Intent): number {
  return taken === 'affirm' ? (COST_OF_FALSE_CONSENT[meant] ?? 1) : 1;
}
