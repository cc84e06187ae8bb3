import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readTsvFile } from '../eval/tsv.ts';
import { LinearModel } from '../src/call-engine/intent/linear-model.ts';
import { alternativesOf } from '../src/call-engine/intent/phrase-book.ts';
import { listObjectionThemes, loadObjectionTheme } from '../src/call-engine/objections/load.ts';
import {
  ANSWERERS,
  FEATURE_BUCKETS,
  greetingBuckets,
  greetingWords,
  type Answerer,
} from '../src/call-engine/turn/greeting-features.ts';
import { chanceOf, packWeights, trainLinear, type Example } from './linear-training.ts';
import { scoredTexts } from './scored-texts.ts';
import { DEVELOPMENT_GREETINGS, fingerprintOf, SCORED_GREETINGS } from './training-inputs.ts';

/**
 * Trains the linear model of `src/call-engine/turn/greeting-model.ts`. Deterministic: the same data, the same weights. With
 * `--cross-validate` it writes nothing: it tells what each threshold costs on greetings that were not learnt. With
 * `--draw-turns` it only draws anew what people and machines say later in a call.
 */

const ROOT = path.join(import.meta.dirname, '..');
const OUTPUT = path.join(ROOT, 'src/call-engine/turn/greeting-weights.json');

const TRAINING = {
  epochs: 6,
  learningRate: 0.3,
  decay: 1e-4,
  /** Greetings made of one pattern, at most. */
  perPattern: 40,
  /** Fillings of one greeting that has slots. */
  perSlotted: 3,
  /** Pieces that are cut out of each written greeting. */
  spokenExcerpts: 4,
  /** What an utterance from later in a call weighs, beside 1 for a greeting. */
  turnWeight: 0.2,
  /** Drawn from what people say later in a call. */
  turnsOfPeople: 6000,
  /** An opening is people's too from so many of them beside one machine. */
  peopleOfAnOpening: 0.15,
  /** Utterances made of one pattern of the intents, at most. */
  perIntentPattern: 8,
  seed: 20_261,
} as const;

/** What is said later in a call, and by whom. */
const TURNS = 'test/corpus/amd-train-turns.tsv';
const FOLDS = 5;
const THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.85, 0.88, 0.9, 0.92, 0.95, 0.98];

/** A slot of a pattern, `{prenom}`, stands for any of these. */
const SLOTS: Readonly<Record<string, readonly string[]>> = {
  prenom: words(
    'julien|sophie|marc|nathalie|karim|léa|thomas|isabelle|mohamed|céline|philippe|sandrine|antoine|chloé|françois|amélie|nicolas|martine|david|fatima|laurent|manon|pierre|valérie|jean-luc|maxime|patricia|hugo|christine|samir|aurélie|olivier|jacqueline|kevin|émilie|rachid|véronique|guillaume|monique|yann',
  ),
  nom: words(
    'martin|durand|dupont|bernard|petit|robert|moreau|simon|michel|leroy|garcia|roux|fournier|morel|girard|bonnet|lambert|fontaine|rousseau|vincent|muller|faure|mercier|blanc|guérin|boyer|garnier|chevalier|benali|da silva|nguyen|tremblay|gagnon|janssens|peeters|rochat|favre|diallo|lopez|traoré',
  ),
  ville: words(
    'lyon|nantes|bordeaux|lille|rennes|dijon|paris|marseille|toulouse|nice|metz|brest|liège|namur|lausanne|genève|montréal|québec|angers|tours',
  ),
  operateur: words(
    'orange|sfr|bouygues telecom|free|free mobile|sosh|red|la poste mobile|nrj mobile|proximus|base|swisscom|salt|sunrise|bell|vidéotron|telus|coriolis|prixtel|lebara',
  ),
  numero: words(
    'zéro six trente-neuf quatre-vingt-dix-huit|zéro un quatre-vingt-dix-neuf zéro zéro douze quinze|zéro six trente-neuf quatre-vingt-dix-huit vingt douze|zéro sept|zéro quatre|zéro six|zéro un quatre-vingt-dix-neuf|six trente-neuf quatre-vingt-dix-huit trente',
  ),
  chiffre: words(
    'un|deux|trois|quatre|cinq|six|sept|huit|neuf|zéro|dièse|étoile|dix|quinze|le quinze|dix-huit',
  ),
  jour: words(
    'lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|premier septembre|quinze août|trois janvier',
  ),
  heure: words(
    'huit heures|neuf heures|dix heures|midi|quatorze heures|dix-huit heures|dix-neuf heures trente|dix-sept heures|huit heures trente',
  ),
  service: words(
    'commercial|client|technique|comptabilité|après-vente|location|facturation|réservation|urgences|livraison|administratif|des ressources humaines|recrutement',
  ),
};
const COMPANIES = words(
  'société|entreprise|garage|cabinet|agence|boulangerie|pharmacie|hôtel|restaurant|salon|clinique|mairie de|étude|pressing|auto-école|école|résidence|crédit|assurance|optique|transports|menuiserie|établissements|groupe|boucherie|maison|centre médical|les ambulances|café|brasserie|immobilière',
);
const COMPANY_NAMES = words(
  'martin|du centre|morel|de la gare|lafayette|bâti plus|élégance|du lac|des halles|dubois|horizon|du parc|europe|saint-michel|renov|des lilas|lambert|alpes|du port|beaulieu|transalp|durand et fils|provence|de lyon|nantes|soleil|mutuelle|habitat|énergie|du marché',
);
const BRANDS = words(
  'edf|la poste|la banque postale|axa|engie|la mairie|darty|la caf|pôle emploi|carrefour|la sécurité sociale|maaf|le crédit agricole|la sncf|ikea|la préfecture|hydro-québec|desjardins|ameli|véolia',
);

/** What a small recogniser writes instead. */
const MISHEARD: readonly (readonly [RegExp, string])[] = [
  [/\bêtes\b/g, 'et'],
  [/\bêtes bien sur\b/g, 'et bien sûr'],
  [/\bc'est\b/g, 'ses'],
  [/\blaissez\b/g, 'laisser'],
  [/\blaissez-moi un\b/g, 'laissé moi un'],
  [/ez\b/g, 'er'],
  [/ez\b/g, 'é'],
  [/er\b/g, 'é'],
  [/\bmessagerie\b/g, 'message de'],
  [/\bmessagerie\b/g, 'la magerie'],
  [/\bbip\b/g, 'bit'],
  [/\ble bip\b/g, 'le pipe'],
  [/\brépondeur\b/g, 'répondre'],
  [/\bcorrespondant\b/g, 'correspond dans'],
  [/\bveuillez\b/g, 'veuille et'],
  [/\btapez\b/g, 'ta pays'],
  [/\btapez\b/g, 'taper'],
  [/\bn'est\b/g, 'nais'],
  [/\bn'est pas\b/g, 'est pas'],
  [/\ballô\b/g, 'à lot'],
  [/\ballô\b/g, 'alors'],
  [/\bvous\b/g, 'tout'],
  [/\bj'écoute\b/g, 'je coûte'],
];

interface Utterance {
  text: string;
  label: Answerer;
  weight: number;
}

const chance = chanceOf(TRAINING.seed);
if (process.argv.includes('--draw-turns')) await drawTurns();
else if (process.argv.includes('--cross-validate')) await crossValidate();
else await writeWeights();

async function writeWeights(): Promise<void> {
  const data = await readData();
  const examples = examplesOf(data, data.spoken);
  const trainedOn = await fingerprintOf('greetings');
  await writeFile(OUTPUT, `${JSON.stringify({ trainedOn, ...packWeights(train(examples)) })}\n`);
  process.stdout.write(`${examples.length} examples, ${path.relative(ROOT, OUTPUT)} written\n`);
}

function train(examples: readonly Example[]): Float64Array {
  return trainLinear(examples, { ...TRAINING, buckets: FEATURE_BUCKETS, classes: ANSWERERS.length }, chance);
}

/** How well each fifth of the spoken greetings is told apart by what was learnt from everything else. */
async function crossValidate(): Promise<void> {
  const data = await readData();
  const order = chance.shuffled(data.spoken);
  const judged: Judged[] = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const learnt = order.filter((_, at) => at % FOLDS !== fold);
    const model = modelOf(train(examplesOf(data, learnt)));
    judged.push(...order.filter((_, at) => at % FOLDS === fold).map((row) => judgedBy(model, row)));
  }
  report('left out in turn', judged);
  const model = modelOf(train(examplesOf(data, data.spoken)));
  for (const file of DEVELOPMENT_GREETINGS) {
    report(
      file,
      (await labelled(file, 'text')).map((row) => judgedBy(model, row)),
    );
  }
}

interface Judged {
  label: Answerer;
  probability: number;
}

function modelOf(weights: Float64Array): LinearModel {
  return new LinearModel(packWeights(weights), {
    buckets: FEATURE_BUCKETS,
    classes: ANSWERERS.length,
    trainedBy: 'npm run train-greetings',
  });
}

function judgedBy(model: LinearModel, { text, label }: Utterance): Judged {
  const heard = greetingWords(text);
  const machine = model.logProbabilities(greetingBuckets(heard))[ANSWERERS.indexOf('MACHINE')] ?? 0;
  return { label, probability: heard.length === 0 ? 0 : Math.exp(machine) };
}

/** What each threshold costs. */
function report(name: string, judged: readonly Judged[]): void {
  const [people, machines] = ANSWERERS.map((answerer) => judged.filter(({ label }) => label === answerer));
  const lines = THRESHOLDS.map((least) => {
    const lost = (people ?? []).filter(({ probability }) => probability >= least).length;
    const missed = (machines ?? []).filter(({ probability }) => probability < least).length;
    return `  from ${least}: ${lost} of ${people?.length} people lost, ${missed} of ${machines?.length} machines missed`;
  });
  process.stdout.write(`${[name, ...lines].join('\n')}\n`);
}

interface Data {
  patterns: Utterance[];
  spoken: Utterance[];
  turns: Utterance[];
  scored: ReadonlySet<string>;
}

async function readData(): Promise<Data> {
  return {
    patterns: await fromPatterns(),
    spoken: [
      ...(await labelled('amd-train-spoken.tsv', 'text')),
      ...(await labelled('amd-train-phoned.tsv', 'text')),
    ],
    turns: await labelled('amd-train-turns.tsv', 'text', TRAINING.turnWeight),
    scored: await scoredTexts(SCORED_GREETINGS, keyOf),
  };
}

function examplesOf({ patterns, turns, scored }: Data, spoken: readonly Utterance[]): Example[] {
  const greetings = [...patterns, ...spoken];
  const whole = [...greetings, ...joined(patterns), ...joined(spoken), ...turns];
  const opened = openingsOfPeople(whole);
  const cut = [
    ...excerpts(whole),
    ...Array.from({ length: TRAINING.spokenExcerpts - 1 }, () => excerpts(spoken)).flat(),
  ];
  return [...whole, ...cut]
    .filter(({ text, label }) => label === 'HUMAN' || !opened.has(keyOf(text)))
    .map(({ text, ...rest }) => ({ ...rest, words: greetingWords(misheard(filled(text))) }))
    .filter(({ words }) => words.length > 0 && !scored.has(words.join(' ')))
    .map(({ words, label, weight }) => ({
      buckets: greetingBuckets(words),
      label: ANSWERERS.indexOf(label),
      weight,
    }));
}

/**
 * The beginning of a greeting that people begin with too ("bonjour", "c'est Julien") tells nothing of a machine; one that
 * hardly anybody but machines begins with does ("vous êtes bien chez").
 */
function openingsOfPeople(utterances: readonly Utterance[]): Set<string> {
  const people = openingsOf(utterances, 'HUMAN');
  const machines = openingsOf(utterances, 'MACHINE');
  return new Set(
    [...people]
      .filter(([opening, count]) => count >= TRAINING.peopleOfAnOpening * (machines.get(opening) ?? 0))
      .map(([opening]) => opening),
  );
}

/** How often each beginning is that of a greeting of such answerers. */
function openingsOf(utterances: readonly Utterance[], of: Answerer): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { text, label } of utterances) {
    if (label !== of) continue;
    const words = keyOf(text).split(' ');
    for (const at of words.keys()) {
      const opening = words.slice(0, at + 1).join(' ');
      counts.set(opening, (counts.get(opening) ?? 0) + 1);
    }
  }
  return counts;
}

/** What is compared; slots are words. */
function keyOf(text: string): string {
  return greetingWords(text).join(' ');
}

/** Slots are filled later: what one greeting cut off in front of a name says, all do. */
async function fromPatterns(): Promise<Utterance[]> {
  return (await labelled('amd-train.tsv', 'pattern')).flatMap(({ text: pattern, ...rest }) => {
    const texts = new Set(alternativesOf(pattern).map((text) => text.replaceAll(/\s+/g, ' ').trim()));
    const chosen = chance.shuffled([...texts]).slice(0, TRAINING.perPattern);
    // With other names each time.
    return chosen.flatMap((text) =>
      Array.from({ length: text.includes('{') ? TRAINING.perSlotted : 1 }, () => ({ ...rest, text })),
    );
  });
}

async function labelled(file: string, column: string, weight = 1): Promise<Utterance[]> {
  const rows = await readTsvFile(path.join(ROOT, 'test/corpus', file), [column, 'label']);
  return rows.map(({ line, columns }) => {
    const label = ANSWERERS.find((answerer) => answerer === columns['label']);
    if (label === undefined) throw new Error(`${file}, line ${line}: "${columns['label']}" is no label`);
    return { text: columns[column] ?? '', label, weight };
  });
}

/**
 * Draws what is said later in calls from the data of the intents and objections. It is kept in a file, so that the same
 * greetings give the same weights while those data grow.
 */
async function drawTurns(): Promise<void> {
  const turns = [...(await fromIntents()), ...(await fromObjections())];
  const byKey = new Map(turns.map((turn) => [keyOf(turn.text), turn]));
  const people = chance.shuffled([...byKey.values()].filter(({ label }) => label === 'HUMAN'));
  const machines = [...byKey.values()].filter(({ label }) => label === 'MACHINE');
  const drawn = [...machines, ...people.slice(0, TRAINING.turnsOfPeople)];
  const lines = drawn.map(({ text, label }) => `${text}\t${label}\n`);
  await writeFile(path.join(ROOT, TURNS), `text\tlabel\n${lines.join('')}`);
  process.stdout.write(`${lines.length} turns, ${TURNS} written\n`);
}

async function fromIntents(): Promise<Utterance[]> {
  const files = [
    ['intents-train.tsv', 'pattern'],
    ['intents-written.tsv', 'text'],
    ['intents-train-spoken.tsv', 'text'],
  ] as const;
  const rows = await Promise.all(
    files.map(async ([file, column]) =>
      (await readTsvFile(path.join(ROOT, 'test/corpus', file), [column, 'intent'])).map(({ columns }) => ({
        texts: column === 'pattern' ? alternativesOf(columns[column] ?? '') : [columns[column] ?? ''],
        label: columns['intent'] === 'machine' ? ('MACHINE' as const) : ('HUMAN' as const),
      })),
    ),
  );
  return rows
    .flat()
    .flatMap(({ texts, label }) =>
      chance
        .shuffled(texts)
        .slice(0, TRAINING.perIntentPattern)
        .map((text) => ({ text: text.replaceAll(/\s+/g, ' ').trim(), label, weight: 1 })),
    )
    .filter(({ text }) => text !== '');
}

async function fromObjections(): Promise<Utterance[]> {
  const directory = path.join(ROOT, 'objections');
  const themes = await Promise.all(
    (await listObjectionThemes(directory)).map((name) => loadObjectionTheme(directory, name)),
  );
  return themes.flatMap(({ objections }) =>
    objections.flatMap(({ objection, phrasings }) =>
      [objection, ...phrasings].map((text) => ({ text, label: 'HUMAN' as const, weight: 1 })),
    ),
  );
}

/** Two of a kind, one after the other, as longer greetings are. */
function joined(utterances: readonly Utterance[]): Utterance[] {
  return (['MACHINE', 'HUMAN'] as const).flatMap((label) => {
    const ofKind = utterances.filter((utterance) => utterance.label === label);
    const halves = chance.shuffled(ofKind).slice(0, Math.floor(ofKind.length / 2));
    return halves.map(({ text, ...rest }) => ({ ...rest, text: `${text} ${chance.pick(ofKind).text}` }));
  });
}

/** What is heard when the recogniser begins late or the greeting is cut off, and the half of it that was understood. */
function excerpts(utterances: readonly Utterance[]): Utterance[] {
  return utterances.flatMap(({ text, ...rest }) => {
    const all = text.split(/\s+/).filter((word) => word !== '');
    if (all.length < 4) return [];
    const from = chance.next() < 0.3 ? Math.floor(chance.next() * (all.length - 3)) : 0;
    const to = from + 3 + Math.floor(chance.next() * (all.length - from - 2));
    const gaps = chance.next() < 0.4 ? 0.25 : 0;
    const heard = all.slice(from, to).filter(() => chance.next() >= gaps);
    return heard.length < 2 ? [] : [{ ...rest, text: heard.join(' ') }];
  });
}

function filled(pattern: string): string {
  return pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => valueOf(name));
}

function valueOf(slot: string): string {
  if (slot === 'qui') return chance.pick([() => valueOf('prenom'), personName, () => valueOf('nom')])();
  if (slot === 'societe') return chance.next() < 0.25 ? chance.pick(BRANDS) : companyName();
  const values = SLOTS[slot];
  if (values === undefined) throw new Error(`amd-train.tsv uses the unknown slot {${slot}}`);
  return chance.pick(values);
}

function personName(): string {
  return `${valueOf('prenom')} ${valueOf('nom')}`;
}

function companyName(): string {
  return `${chance.pick(COMPANIES)} ${chance.pick(COMPANY_NAMES)}`;
}

function misheard(text: string): string {
  if (chance.next() >= 0.2) return text;
  const [heard, written] = chance.pick(MISHEARD);
  return text.replace(heard, written);
}

function words(list: string): string[] {
  return list.split('|');
}
