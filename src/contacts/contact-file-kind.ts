/** What a contact file is by its content; its name tells nothing. */
export type ContactFileKind = 'csv' | 'zip' | 'ole' | 'markup' | 'binary';

const ZIP = Buffer.from('PK\x03\x04', 'latin1');
const EMPTY_ZIP = Buffer.from('PK\x05\x06', 'latin1');
/** Compound files: .xls, and workbooks behind a password. */
const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const PDF = Buffer.from('%PDF-', 'latin1');
const UTF16_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];
const MARKUP = /^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype|html|table|head|body|style|meta|workbook)\b/i;

/** Tells by the first bytes of a file; a few kilobytes are enough. */
export function contactFileKind(head: Buffer): ContactFileKind {
  const begins = (mark: Buffer): boolean => head.subarray(0, mark.length).equals(mark);
  if (begins(ZIP) || begins(EMPTY_ZIP)) return 'zip';
  if (begins(OLE)) return 'ole';
  if (begins(PDF)) return 'binary';
  if (UTF16_MARKS.some(begins)) return 'csv';
  if (head.includes(0)) return 'binary';
  return MARKUP.test(head.toString('latin1')) ? 'markup' : 'csv';
}
