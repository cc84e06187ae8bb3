import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { CLIPS_FOLDER, loadSound, type Part } from './clips.ts';
import type { Sound } from './sounds.ts';

/** What the bot says, and the kind of answer it waits for. */
export interface BotPrompt {
  name: string;
  text: string;
  sound: Sound;
}

const OBJECTIONS_FOLDER = path.join(import.meta.dirname, '../../objections');
const VOICE_FOLDER = path.join(import.meta.dirname, '../../audio/demo');

/** The project's own prompts; `explaining` ones talk for a while and end in a closed question. */
const TEXTS: Readonly<
  Record<Part, Record<'closed' | 'open' | 'explaining', [file: string, text: string][]>>
> = {
  dev: {
    closed: [['base/production_q1.wav', 'Première question : utilisez-vous déjà un logiciel de gestion ?']],
    open: [['bot-quel-jour.wav', 'Quel jour vous conviendrait pour un rendez-vous ?']],
    explaining: [
      [
        'base/pitch.wav',
        "L'or peut diversifier une épargne, mais son cours varie et une perte est possible. Seriez-vous disponible mardi pour en parler avec un conseiller ?",
      ],
      [
        'objections/or_risky.wav',
        "Oui, il y a un risque : le cours de l'or monte et descend, et vous pouvez perdre une partie de votre argent. Un conseiller peut vous détailler ces risques. Le souhaitez-vous ?",
      ],
    ],
  },
  scored: {
    closed: [['base/production_q3.wav', 'Dernière question : pensez-vous en changer cette année ?']],
    open: [['bot-qu-en-pensez-vous.wav', "Qu'est-ce qui vous retient aujourd'hui ?"]],
    explaining: [
      [
        'base/hello.wav',
        "Bonjour, ici GoldInvest. Ceci est un appel automatisé au sujet de l'or. Vous pouvez refuser, ou demander à ne plus être appelé. Avez-vous deux minutes ?",
      ],
      [
        'objections/or_expensive.wav',
        "C'est vrai que cela représente une somme. Il ne faut y mettre que de l'argent dont vous n'avez pas besoin. Souhaitez-vous quand même connaître les prix et les frais ?",
      ],
    ],
  },
};

const themeSchema = z.object({
  objections: z.array(z.object({ response: z.string(), audio_file: z.string().optional() })),
});

/** Long enough to be interrupted after the grace period, and before the question. */
const LONG_SAMPLES = 6500 * 8;

export type BotPrompts = Record<'closed' | 'open' | 'explaining', BotPrompt[]>;

export function loadPrompts(part: Part): BotPrompts {
  const load = ([file, text]: [string, string]): BotPrompt => ({
    name: path.basename(file, '.wav'),
    text,
    sound: loadSound(path.join(file.includes('/') ? VOICE_FOLDER : CLIPS_FOLDER, file)),
  });
  const { closed, open, explaining } = TEXTS[part];
  const answers = part === 'dev' ? answersToObjections() : [];
  return {
    closed: closed.map(load),
    open: open.map(load),
    explaining: [...explaining, ...answers].map(load).filter(({ sound }) => sound.length >= LONG_SAMPLES),
  };
}

/** Every recorded answer of the project's that ends in a question and is not in the other part. */
function answersToObjections(): [file: string, text: string][] {
  const scored = new Set(TEXTS.scored.explaining.map(([file]) => file));
  return readdirSync(OBJECTIONS_FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap(
      (name) =>
        themeSchema.parse(JSON.parse(readFileSync(path.join(OBJECTIONS_FOLDER, name), 'utf8'))).objections,
    )
    .map(({ audio_file: file, response }): [string, string] => [`objections/${file ?? ''}`, response])
    .filter(
      ([file, text]) =>
        text.endsWith('?') &&
        !scored.has(file) &&
        existsSync(path.join(VOICE_FOLDER, file)) &&
        file.endsWith('.wav'),
    );
}
