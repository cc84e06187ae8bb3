import { ContactFileError } from './contact-file-error.ts';

/** Why a person may be called: see docs/compliance.md. */
const BASIS_FIELDS = [
  'consent',
  'consentDate',
  'consentChannel',
  'consentSource',
  'consentWording',
  'consentExpires',
  'contract',
  'contractSince',
  'contractUntil',
  'professional',
] as const;
export type BasisField = (typeof BASIS_FIELDS)[number];

const CONTACT_FIELDS = [
  'phone',
  'firstName',
  'lastName',
  'fullName',
  'company',
  'email',
  'tags',
  'status',
  /** Read for `--region-filter`, and not stored. */
  'postalCode',
  'department',
  ...BASIS_FIELDS,
] as const;
export type ContactField = (typeof CONTACT_FIELDS)[number];

/** The operator's own choice of columns, by their header (`--phone-col` …). */
export type ColumnChoice = Partial<Record<ContactField, string>>;

/** Where each field stands in a row; a field that the file does not have is absent. */
export type ColumnPlan = ReadonlyMap<ContactField, { index: number; header: string }>;

/** Headers that are understood, best first, as `simplify` writes them. Both guides' names and what call teams write. */
const KNOWN_HEADERS: Readonly<Record<ContactField, readonly string[]>> = {
  phone: [
    ...[
      'phone',
      'telephone',
      'tel',
      'phone_number',
      'numero_de_telephone',
      'numero_telephone',
      'no_telephone',
    ],
    ...['mobile', 'portable', 'telephone_mobile', 'telephone_portable', 'tel_portable', 'tel_mobile', 'gsm'],
    ...['numero', 'number', 'telephone_fixe', 'fixe'],
  ],
  firstName: ['first_name', 'firstname', 'prenom', 'given_name'],
  lastName: ['last_name', 'lastname', 'nom', 'nom_de_famille', 'surname', 'family_name'],
  fullName: ['name', 'full_name', 'fullname', 'nom_complet', 'nom_et_prenom', 'prenom_nom', 'contact'],
  company: ['company', 'entreprise', 'societe', 'raison_sociale', 'organisation', 'organization'],
  email: ['email', 'e_mail', 'mail', 'courriel', 'adresse_email', 'adresse_e_mail', 'email_address'],
  tags: ['tags', 'tag', 'etiquettes', 'etiquette', 'segment', 'segments'],
  status: ['status', 'statut'],
  postalCode: ['postal_code', 'code_postal', 'codepostal', 'cp', 'postcode', 'zip', 'zip_code', 'zipcode'],
  department: ['department', 'departement', 'dept', 'dep', 'no_departement', 'numero_departement'],
  consent: ['consent', 'consentement', 'opt_in', 'optin'],
  consentDate: ['consent_date', 'date_consentement', 'date_de_consentement', 'consent_at', 'optin_date'],
  consentChannel: ['consent_channel', 'canal_consentement', 'canal_de_consentement'],
  consentSource: ['consent_source', 'source_consentement', 'preuve_consentement', 'consent_proof'],
  consentWording: ['consent_wording', 'consent_text', 'texte_consentement', 'formulation_consentement'],
  consentExpires: ['consent_expires', 'consent_expiry', 'expiration_consentement', 'fin_consentement'],
  contract: ['contract', 'running_contract', 'contrat', 'contrat_en_cours'],
  contractSince: ['contract_since', 'contract_start', 'contrat_depuis', 'debut_contrat'],
  contractUntil: ['contract_until', 'contract_end', 'contrat_jusqu_au', 'fin_contrat'],
  professional: ['professional', 'professionnel', 'pro', 'b2b'],
};

const MAX_COLUMNS = 200;

/** What a field's column is called in a file that follows the documentation. */
export function usualHeader(field: ContactField): string {
  return KNOWN_HEADERS[field][0] ?? field;
}

/**
 * Finds the fields among the headers. Throws a `ContactFileError` when there is no column of phone numbers, or not the chosen
 * one, or when it is not clear which of two columns is meant.
 */
export function planColumns(headers: readonly string[], choice: ColumnChoice): ColumnPlan {
  if (headers.length > MAX_COLUMNS) {
    throw new ContactFileError('CONTACTS_COLUMNS', { count: headers.length, max: MAX_COLUMNS });
  }
  const simple = headers.map(simplify);
  const plan = new Map<ContactField, { index: number; header: string }>();
  for (const field of CONTACT_FIELDS) {
    const chosen = choice[field];
    const index = chosen === undefined ? findKnown(simple, field) : findChosen(headers, simple, chosen);
    if (index === -1) continue;
    const header = headers[index] ?? '';
    if (isTwice(headers, simple, index, chosen)) {
      throw new ContactFileError('CONTACTS_DUPLICATE_HEADER', { header });
    }
    plan.set(field, { index, header });
  }
  if (!plan.has('phone')) throw new ContactFileError('CONTACTS_NO_PHONE_COLUMN', { headers });
  return plan;
}

/** Columns whose names differ in accents and capitals only are told apart by an operator who names one exactly. */
function isTwice(
  headers: readonly string[],
  simple: readonly string[],
  index: number,
  chosen: string | undefined,
): boolean {
  const [names, name] = chosen === headers[index] ? [headers, headers[index]] : [simple, simple[index]];
  return names.filter((each) => each === name).length > 1;
}

/** `Numéro de Téléphone ` → `numero_de_telephone`. */
export function simplify(header: string): string {
  return header
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

function findKnown(simple: readonly string[], field: ContactField): number {
  const name = KNOWN_HEADERS[field].find((known) => simple.includes(known));
  return name === undefined ? -1 : simple.indexOf(name);
}

function findChosen(headers: readonly string[], simple: readonly string[], chosen: string): number {
  const exact = headers.indexOf(chosen);
  const index = exact === -1 ? simple.indexOf(simplify(chosen)) : exact;
  if (index !== -1) return index;
  throw new ContactFileError('CONTACTS_NO_SUCH_COLUMN', { column: chosen, headers });
}
