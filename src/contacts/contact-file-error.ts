import { OperatorError } from '../errors.ts';

/** What may be wrong with a contact file as a whole, and what is known of it. Nothing of such a file is imported. */
export interface ContactFileFacts {
  CONTACTS_EMPTY: object;
  CONTACTS_NO_ROWS: object;
  CONTACTS_NO_PHONE_COLUMN: { headers: readonly string[] };
  CONTACTS_NO_REGION_COLUMN: { headers: readonly string[] };
  CONTACTS_NO_SUCH_COLUMN: { column: string; headers: readonly string[] };
  /** Two columns of one name, one of which would be read. */
  CONTACTS_DUPLICATE_HEADER: { header: string };
  CONTACTS_COLUMNS: { count: number; max: number };
  /** A quotation mark that is never closed, or a line that never ends. */
  CONTACTS_ENDLESS_LINE: { line: number };
  CONTACTS_UNREADABLE: { line: number };
  CONTACTS_BINARY: object;
  /** HTML or XML, whatever the file is called. */
  CONTACTS_MARKUP: object;
  /** Excel before 2007, or a workbook behind a password: both look the same from outside. */
  CONTACTS_OLD_XLS: object;
  CONTACTS_OPEN_DOCUMENT: object;
  CONTACTS_BINARY_WORKBOOK: object;
  CONTACTS_ARCHIVE: object;
  CONTACTS_DAMAGED_WORKBOOK: { detail: string };
  CONTACTS_HUGE_WORKBOOK: { megabytes: number };
  CONTACTS_NO_SUCH_SHEET: { sheet: string; sheets: readonly string[] };
  CONTACTS_NO_SHEETS_IN_CSV: object;
}

export type ContactFileFault = keyof ContactFileFacts;

/** A sentence for each fault, in one language. */
export type ContactFileSentences = {
  [F in ContactFileFault]: (facts: ContactFileFacts[F]) => string;
};

const MAX_SHOWN = 20;
const MAX_SHOWN_LENGTH = 40;

/** The first names, quoted. */
export function listNames(names: readonly string[], [open, close]: readonly [string, string]): string {
  const some = names.slice(0, MAX_SHOWN).map((name) => `${open}${name.slice(0, MAX_SHOWN_LENGTH)}${close}`);
  return some.join(', ') + (names.length > MAX_SHOWN ? ' …' : '');
}

const quoted = (names: readonly string[]): string => listNames(names, ['“', '”']);

export const CONTACT_FILE_SENTENCES: ContactFileSentences = {
  CONTACTS_EMPTY: () => 'the contact file is empty: it needs a line of column names',
  CONTACTS_NO_ROWS: () => 'the contact file has column names and no contacts under them',
  CONTACTS_NO_PHONE_COLUMN: ({ headers }) =>
    `the contact file has no column of phone numbers. Its first line names: ${quoted(headers)}. ` +
    'Call one of them phone or telephone, or name it with --phone-col',
  CONTACTS_NO_REGION_COLUMN: ({ headers }) =>
    `--region-filter needs a column of postal codes or départements. The first line names: ${quoted(headers)}. ` +
    'Call it code_postal or departement',
  CONTACTS_NO_SUCH_COLUMN: ({ column, headers }) =>
    `the contact file has no column “${column}”. Its first line names: ${quoted(headers)}`,
  CONTACTS_DUPLICATE_HEADER: ({ header }) =>
    `the contact file has two columns called “${header}”: give them different names, so that it is clear which one counts`,
  CONTACTS_COLUMNS: ({ count, max }) =>
    `the contact file has ${count} columns; at most ${max} are read. Is it a contact file?`,
  CONTACTS_ENDLESS_LINE: ({ line }) =>
    `the contact file cannot be read around line ${line}: a quotation mark (") is opened and never closed, ` +
    'or a line is absurdly long. Nothing was imported',
  CONTACTS_UNREADABLE: ({ line }) =>
    `the contact file cannot be read around line ${line}: its columns and quotation marks make no sense. Nothing was imported`,
  CONTACTS_BINARY: () =>
    'the contact file is neither text nor an Excel workbook: export your contacts as “CSV UTF-8” or .xlsx and import that',
  CONTACTS_MARKUP: () =>
    'the contact file is a web page or XML, whatever it is called: open it in a spreadsheet, save it as .xlsx or “CSV UTF-8” ' +
    'and import that',
  CONTACTS_OLD_XLS: () =>
    'the contact file is an old Excel workbook (.xls) or one with a password: open it, save it as .xlsx without a password ' +
    'or as “CSV UTF-8” and import that',
  CONTACTS_OPEN_DOCUMENT: () =>
    'the contact file is an OpenDocument spreadsheet (.ods): save it as .xlsx or “CSV UTF-8” and import that',
  CONTACTS_BINARY_WORKBOOK: () =>
    'the contact file is a binary Excel workbook (.xlsb): save it as .xlsx or “CSV UTF-8” and import that',
  CONTACTS_ARCHIVE: () =>
    'the contact file is an archive and no Excel workbook: take the contacts out of it and import them',
  CONTACTS_DAMAGED_WORKBOOK: ({ detail }) =>
    `the workbook is damaged (${detail}): open it in a spreadsheet, save it anew and import that. Nothing was imported`,
  CONTACTS_HUGE_WORKBOOK: ({ megabytes }) =>
    `the workbook would unpack to more than ${megabytes} MB, which no list of contacts needs: save the sheet as “CSV UTF-8” ` +
    'and import that. Nothing was imported',
  CONTACTS_NO_SUCH_SHEET: ({ sheet, sheets }) =>
    `the workbook has no sheet “${sheet}”; there are: ${quoted(sheets)}`,
  CONTACTS_NO_SHEETS_IN_CSV: () => '--sheet is for workbooks; this contact file is text (CSV)',
};

/** A contact file that cannot be read as a whole; the command line says it in the reader's language. */
export class ContactFileError<F extends ContactFileFault = ContactFileFault> extends OperatorError {
  constructor(
    readonly fault: F,
    readonly facts: ContactFileFacts[F],
    options?: { cause?: unknown },
  ) {
    super(fault, CONTACT_FILE_SENTENCES[fault](facts), options);
  }

  in(sentences: ContactFileSentences): string {
    return sentences[this.fault](this.facts);
  }
}
