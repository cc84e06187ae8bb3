import { z } from 'zod';
import { INTENTS, type Intent } from '../../intent/intents.ts';

/** What a model may answer: silence is never asked about. */
const ANSWERS = INTENTS.filter((intent) => intent !== 'silence');

/** Longer questions cost prompt time and say no more. */
const MAX_CHARACTERS = 400;

/** Constrains decoding to `{"intent": "<one of ours>"}`. */
export const ANSWER_SCHEMA = {
  type: 'object',
  properties: { intent: { type: 'string', enum: ANSWERS } },
  required: ['intent'],
  additionalProperties: false,
} as const;

const answer = z.strictObject({ intent: z.enum(ANSWERS) });

const SYSTEM = `Tu classes ce qu'une personne répond au téléphone à un appel commercial automatique, transcrit par reconnaissance vocale.
Réponds uniquement par un objet JSON {"intent": "..."} avec une de ces valeurs :
affirm : accepte, dit oui, veut continuer ("oui", "pas de problème", "allez-y", "je dis pas non").
deny : refuse ("non merci", "ça ne m'intéresse pas", "sans façon").
objection : hésite ou donne une raison contre ("trop cher", "pas le temps", "c'est une arnaque", "je dois réfléchir", "envoyez un mail").
question : demande une information ("qui êtes-vous", "combien ça coûte", "vous êtes un robot").
callback : demande à être rappelé plus tard.
opt_out : ne veut plus jamais être appelé, veut être retiré des fichiers.
wrong_number : mauvais numéro ou mauvaise personne.
machine : annonce de répondeur ou de serveur vocal.
not_understood : incompréhensible, hors sujet, ou seulement "allô".
Tiens compte de la question posée : après "est-ce que je vous dérange ?", "non" vaut affirm. Dans le doute, ne choisis jamais affirm.`;

export interface ChatMessage {
  role: 'system' | 'user';
  content: string;
}

/** The prompt for one utterance. What was said is passed on as data, in JSON. */
export function messagesFor(utterance: { text: string; question: string | null }): ChatMessage[] {
  const content = JSON.stringify({
    question: utterance.question?.slice(-MAX_CHARACTERS) ?? '',
    reponse: utterance.text.slice(0, MAX_CHARACTERS),
  });
  return [
    { role: 'system', content: SYSTEM },
    { role: 'user', content },
  ];
}

/** The intent in a model's answer; null when it is not what was asked for. */
export function parseAnswer(content: string): Intent | null {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    // A truncated or chatty answer is as invalid as a wrong value.
    return null;
  }
  const parsed = answer.safeParse(value);
  return parsed.success ? parsed.data.intent : null;
}
