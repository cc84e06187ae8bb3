import { CONTACT_FILE_SENTENCES } from '../../contacts/contact-file-error.ts';
import type { ContactField } from '../../contacts/columns.ts';
import type { RejectionReason } from '../../contacts/contact-row.ts';
import { REJECT_COLUMNS } from '../../contacts/reject-columns.ts';

const rejections: Record<RejectionReason, string> = {
  empty: 'there is no phone number',
  not_a_number: 'is not a phone number',
  rounded_by_spreadsheet:
    'may have been rounded by a spreadsheet: format the column as text, or write the number with + or 0',
  emergency: 'is an emergency number',
  short_number: 'is too short, or a short service number',
  too_many_digits: 'has too many digits',
  impossible: 'is a number that nobody can have',
  guessed: 'is not written in full; its meaning would be a guess (--validate-phones)',
  not_e164: 'is not an international number',
  special_rate: 'is a special-rate number',
  satellite: 'is a satellite or international premium number',
  machine: 'is a number of machines',
  country_not_allowed: 'belongs to a country that is not called from here',
  too_long: 'is too long',
  too_many_tags: 'has too many tags',
  too_many_columns: 'is more than the first line has columns for: is a quotation mark missing?',
  unknown_status: 'is not a known status',
  consent_incomplete: 'is missing: a consent needs its date, its source and its wording',
  bad_date: 'is no date: write 2026-09-12 or 12/09/2026',
  future_date: 'lies in the future',
  not_yes_or_no: 'is neither yes nor no',
  formula: 'is a formula: put its value there',
  spreadsheet_error: 'is an error of the spreadsheet: put its value there',
  hidden_row: 'is in a row that the workbook hides (a filter?): show it or delete it',
  no_region: 'is no postal code or département: --region-filter cannot tell where the contact lives',
};

const fields: Record<ContactField, string> = {
  phone: 'phone number',
  firstName: 'first name',
  lastName: 'last name',
  fullName: 'full name',
  company: 'company',
  email: 'e-mail',
  tags: 'tags',
  status: 'status',
  postalCode: 'postal code',
  department: 'département',
  consent: 'consent',
  consentDate: 'consent: date',
  consentChannel: 'consent: channel',
  consentSource: 'consent: source',
  consentWording: 'consent: wording',
  consentExpires: 'consent: end',
  contract: 'contract',
  contractSince: 'contract: start',
  contractUntil: 'contract: end',
  professional: 'professional line',
};

export const enContacts = {
  help: {
    importContacts: {
      description: 'Import contacts from a CSV file or an Excel workbook (.xlsx)',
      file: 'file whose first line names the columns (phone, first_name … or telephone, prenom …)',
      phoneCol: 'column of the phone numbers',
      nameCol: 'column of first and last name together',
      emailCol: 'column of the e-mail addresses',
      sheet: 'sheet of the workbook, by name or number (default: the first that is visible)',
      validatePhones: 'refuse numbers that are not written in full, rather than completing them',
      skipDuplicates: 'leave known contacts untouched, rather than completing them',
      addTags: 'tags for every contact, separated by commas',
      regionFilter:
        'only contacts of these départements, e.g. 01,2A,974, by the column code_postal or departement',
      batchSize: 'contacts stored at a time (default: 1000)',
      rejected: 'write the lines that were not imported to this file, to be mended and imported again',
      dryRun: 'do everything but store it',
      verbose: 'name every contact, show debug messages',
    },
    validateContacts: {
      description: 'Look through the numbers of all contacts; changes nothing without an option',
      formatFrench: 'put numbers into the form that they should have (+33692… of La Réunion into +262692…)',
      dedupe: 'join contacts whose numbers turn out to be the same',
      cleanInvalid: 'remove contacts whose number is never dialled; those of campaigns are marked invalid',
      dryRun: 'say what would be done; change nothing',
      verbose: 'name every contact with a fault, show debug messages',
    },
  },

  departments: 'Give départements separated by commas, e.g. 01,2A,974.',

  importContacts: {
    title: '📥 Contact Import – MiniBotPanel',
    file: (name: string) => `File: ${name}`,
    columns: (list: string) => `Columns: ${list}`,
    unread: (list: string) => `Not read: ${list}`,
    checking: 'Checking',
    progress: 'Importing',
    stored: {
      new: (line: number, who: string) => `Line ${line}: ${who}`,
      known: (line: number, who: string) => `Line ${line}: ${who}, known already`,
      repeated: (line: number, who: string, firstLine: number) =>
        `Line ${line}: ${who}, the same number as in line ${firstLine}`,
    },
    contact: (phone: string, name: string) => (name === '' ? phone : `${phone} (${name})`),
    rejectedLine: (line: number, place: string, reason: string) => `Line ${line}: ${place} ${reason}`,
    column: (header: string, value: string) => (value === '' ? `${header}:` : `${header} “${value}”`),
    wholeLine: (value: string) => `“${value}”`,
    moreRejected: (count: string) => `… and ${count} more; --rejected FILE writes them all down`,
    summary: '📊 Summary:',
    total: (count: string) => `Lines: ${count}`,
    imported: (count: string) => `Imported: ${count}`,
    wouldImport: (count: string) => `Would be imported: ${count}`,
    duplicatesCompleted: (count: string) => `Duplicates (completed): ${count}`,
    duplicatesSkipped: (count: string) => `Duplicates (left as they are): ${count}`,
    duplicatesWhere: (inFile: string, known: string) =>
      `of these, ${inFile} in the file itself, ${known} known already`,
    rejected: (count: string) => `Errors: ${count}`,
    elsewhere: (count: string) => `Of other regions, left out: ${count}`,
    opposed: (count: string) => `Not to be called, says the file (now on the opposition list): ${count}`,
    wouldBeOpposed: (count: string) =>
      `Not to be called, says the file (would go on the opposition list): ${count}`,
    repaired: (count: string) => `Put right on the way (number completed, bad e-mail left out): ${count}`,
    finished: '✅ Import finished',
    finishedWithErrors: 'Import finished; some lines were not imported',
    dryRunFinished: 'Dry run finished: nothing was stored',
    stopped: (why: string, imported: string, duplicates: string) =>
      `the import stopped (${why}): ${imported} new and ${duplicates} known contacts are stored. Run it again to go on`,
    howToGetRejected:
      'To have them in a file, mend them and import that: run it again with --rejected FILE.csv',
    rejectedWritten: (file: string) =>
      `The lines that were not imported are in ${file}: mend them there and import that file`,
    rejectColumns: REJECT_COLUMNS.en as readonly string[],
    fields,
    rejections,
    fileMissing: (file: string) => `there is no file ${file}`,
    fileIsNoFile: (file: string) => `${file} is no ordinary file: it is read more than once`,
    fileUnreadable: (file: string) => `${file} cannot be read: check its permissions`,
    fileIsBinary: (file: string) =>
      `${file} is no text file: export your contacts as “CSV UTF-8” and import that`,
    fileUnwritable: (file: string) => `${file} cannot be written: check the folder and its permissions`,
    rejectedIsSource: (file: string) => `--rejected names ${file} itself: give another file`,
    rejectedIsOther: (file: string) =>
      `${file} exists and is no file of rejected lines: it is not overwritten. Give --rejected another name`,
  },

  validateContacts: {
    progress: 'Looking through',
    misformed: (id: number, phone: string, correct: string) => `Contact ${id}: ${phone} should be ${correct}`,
    duplicate: (id: number, phone: string, correct: string, of: number) =>
      `Contact ${id}: ${phone} is ${correct}, which contact ${of} has already`,
    invalid: (id: number, phone: string, reason: string) => `Contact ${id}: ${phone} ${reason}`,
    treatments: {
      misformed: { left: '', done: ' – corrected', busy: ' – left: a call goes on' },
      duplicate: { left: '', done: ' – joined', busy: ' – left: a call goes on' },
      invalid: { left: '', done: ' – removed, or marked invalid', busy: '' },
    },
    treatmentsIfReal: {
      misformed: { left: '', done: ' – would be corrected', busy: '' },
      duplicate: { left: '', done: ' – would be joined', busy: '' },
      invalid: { left: '', done: ' – would be removed, or marked invalid', busy: '' },
    },
    more: (count: string) => `… and ${count} more (--verbose names them all)`,
    summary: '📊 Summary:',
    total: (count: string) => `Contacts: ${count}`,
    fine: (count: string) => `Fine: ${count}`,
    misformedCount: (count: string, done: string | null) =>
      `In a wrong form: ${count}${done === null ? '' : ` (corrected: ${done})`}`,
    duplicateCount: (count: string, done: string | null) =>
      `Duplicates: ${count}${done === null ? '' : ` (joined: ${done})`}`,
    invalidCount: (count: string, done: string | null) =>
      `Never dialled: ${count}${done === null ? '' : ` (removed or marked invalid: ${done})`}`,
    busy: (count: string) => `Left because a call goes on: ${count}. Run it again later`,
    dryRunFinished: 'Dry run finished: nothing was changed',
    tryFormat: '--format-french corrects the numbers in a wrong form',
    tryDedupe: '--dedupe joins the duplicates',
    tryClean: '--clean-invalid removes the contacts that are never dialled',
  },

  contactFile: CONTACT_FILE_SENTENCES,
};
