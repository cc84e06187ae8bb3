import { DateTime } from 'luxon';
import type { RecordedBasis } from '../compliance/consent.ts';
import type { BasisField } from './columns.ts';

/** What a line says about why its person may be called. */
export interface ImportedBasis {
  basis: RecordedBasis;
  /** False: it ended. */
  granted: boolean;
  /** Null: the file does not say when; now, unless that is known already. */
  actedAt: Date | null;
  expiresAt: Date | null;
  channel: string | null;
  source: string;
  wording: string | null;
}

export type BasisProblem =
  /** A consent without date, source or wording proves nothing. */
  'consent_incomplete' | 'bad_date' | 'future_date' | 'not_yes_or_no';

export type ReadBases =
  { ok: true; bases: ImportedBasis[] } | { ok: false; field: BasisField; problem: BasisProblem };

const YES = ['oui', 'o', 'yes', 'y', 'true', 'vrai', '1', 'x'];
const NO = ['non', 'n', 'no', 'false', 'faux', '0'];
const PROFESSIONAL = ['pro', 'professionnel', 'professionnelle', 'professional', 'b2b', 'entreprise'];
const PRIVATE = ['particulier', 'private', 'b2c'];

/** Dates without a time begin on the clock of Paris. */
const ZONE = 'Europe/Paris';
/** With a pattern of our own: trying luxon's forms one after the other takes longer than all else about a line. */
const DATE_FORMS = [
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?: (?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d))?)?$/,
  /^(?<day>\d{1,2})\/(?<month>\d{1,2})\/(?<year>\d{4})(?: (?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d))?)?$/,
];
/** What a contract or a professional line is told by when the file names no reference. */
const FILE_SOURCE = 'contact file';

/** Reads the columns of consent, contract and professional line; `textOf` gives null for what is empty or not there. */
export function readBases(textOf: (field: BasisField) => string | null, now: Date): ReadBases {
  try {
    return {
      ok: true,
      bases: [readConsent(textOf, now), readContract(textOf, now), readProfessional(textOf)].filter(
        (basis) => basis !== null,
      ),
    };
  } catch (error) {
    if (error instanceof BasisFault) return { ok: false, field: error.field, problem: error.problem };
    throw error;
  }
}

class BasisFault extends Error {
  constructor(
    readonly field: BasisField,
    readonly problem: BasisProblem,
  ) {
    super(problem);
  }
}

type TextOf = (field: BasisField) => string | null;

function readConsent(textOf: TextOf, now: Date): ImportedBasis | null {
  const word = textOf('consent');
  const answer = word === null ? null : yesOrNo('consent', word);
  const actedAt = readPast('consentDate', textOf, now);
  const channel = textOf('consentChannel');
  const source = textOf('consentSource');
  const wording = textOf('consentWording');
  const expiresAt = readDate('consentExpires', textOf);
  if (answer === false) {
    return {
      basis: 'consent',
      granted: false,
      actedAt,
      expiresAt: null,
      channel,
      source: source ?? FILE_SOURCE,
      wording: null,
    };
  }
  const says = [actedAt, channel, source, wording, expiresAt].some((part) => part !== null);
  if (answer === null && !says) return null;
  if (actedAt === null) throw new BasisFault('consentDate', 'consent_incomplete');
  if (source === null) throw new BasisFault('consentSource', 'consent_incomplete');
  if (wording === null) throw new BasisFault('consentWording', 'consent_incomplete');
  return { basis: 'consent', granted: true, actedAt, expiresAt, channel, source, wording };
}

/** `oui`, or the contract's reference. */
function readContract(textOf: TextOf, now: Date): ImportedBasis | null {
  const word = textOf('contract');
  const expiresAt = readDate('contractUntil', textOf);
  const actedAt = readPast('contractSince', textOf, now);
  if (word === null) return null;
  const granted = !NO.includes(word.toLowerCase());
  const isReference = granted && !YES.includes(word.toLowerCase());
  return {
    basis: 'contract',
    granted,
    actedAt,
    expiresAt: granted ? expiresAt : null,
    channel: null,
    source: isReference ? word : FILE_SOURCE,
    wording: null,
  };
}

function readProfessional(textOf: TextOf): ImportedBasis | null {
  const word = textOf('professional')?.toLowerCase() ?? null;
  if (word === null) return null;
  const granted = PROFESSIONAL.includes(word) || (!PRIVATE.includes(word) && yesOrNo('professional', word));
  return {
    basis: 'professional',
    granted,
    actedAt: null,
    expiresAt: null,
    channel: null,
    source: FILE_SOURCE,
    wording: null,
  };
}

function yesOrNo(field: BasisField, word: string): boolean {
  const plain = word.toLowerCase();
  if (YES.includes(plain)) return true;
  if (NO.includes(plain)) return false;
  throw new BasisFault(field, 'not_yes_or_no');
}

function readPast(field: BasisField, textOf: TextOf, now: Date): Date | null {
  const date = readDate(field, textOf);
  if (date !== null && date > now) throw new BasisFault(field, 'future_date');
  return date;
}

function readDate(field: BasisField, textOf: TextOf): Date | null {
  const text = textOf(field);
  if (text === null) return null;
  const moment = readMoment(text);
  if (moment === null) throw new BasisFault(field, 'bad_date');
  return moment;
}

/**
 * `2026-09-12`, `12/09/2026`, each with a time or without, or ISO 8601 in full. American dates are not guessed at. Null where it
 * is none. What has no offset of its own is on the clock of `zone`.
 */
export function readMoment(text: string, zone = ZONE): Date | null {
  const parsed = /^\d{4}-\d\d-\d\dT/.test(text) ? DateTime.fromISO(text, { zone }) : readForm(text, zone);
  if (parsed?.isValid !== true || parsed.year < 1990 || parsed.year > 2200) return null;
  return parsed.toJSDate();
}

function readForm(text: string, zone: string): DateTime | null {
  const groups = DATE_FORMS.map((form) => form.exec(text)?.groups).find((found) => found !== undefined);
  if (groups === undefined) return null;
  const part = (name: string): number => Number(groups[name] ?? 0);
  return DateTime.fromObject(
    {
      ...{ year: part('year'), month: part('month'), day: part('day') },
      ...{ hour: part('hour'), minute: part('minute'), second: part('second') },
    },
    { zone },
  );
}
