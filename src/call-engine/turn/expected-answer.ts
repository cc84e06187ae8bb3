/** What answers the question: `closed` a yes or no, `open` a fact or a reason. */
export type ExpectedAnswer = 'closed' | 'open';

const INTERROGATIVES = new Set(
  "quel quelle quels quelles combien comment quand pourquoi où qui que qu'est-ce lequel laquelle lesquels lesquelles".split(
    ' ',
  ),
);
/** "Souhaitez-vous", "puis-je", "y a-t-il", "est-ce". */
const INVERSION = /^\p{L}+-(?:t-)?(?:vous|je|nous|on|il|elle|ils|elles|ce)$/u;

/**
 * How a prompt's last question is answered. It is an open one when it asks before it addresses: "quel jour
 * préférez-vous ?", but not "souhaitez-vous savoir quand ?". Where nothing is asked, anything may be said.
 */
export function expectedAnswerTo(prompt: string): ExpectedAnswer {
  const question = prompt.match(/[^.!?…:]+[.!?…:]*/gu)?.findLast((sentence) => sentence.includes('?'));
  if (question === undefined) return 'open';
  const words = question
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll('quand même', '')
    .match(/[\p{L}'-]+/gu);
  const first = words?.find((word) => INTERROGATIVES.has(word) || INVERSION.test(word));
  return first !== undefined && INTERROGATIVES.has(first) ? 'open' : 'closed';
}
