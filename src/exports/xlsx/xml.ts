/** What no XML document may hold, and control characters that it may but nobody reads; tab and line feed are neither. */
const UNREADABLE = /(?![\t\n])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;
/** Spreadsheets read `_x000D_` as the character of that number. */
const CHARACTER_CODE = /_(?=x[\da-f]{4}_)/gi;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as the contents of an element or an attribute. What XML cannot hold becomes U+FFFD. */
export function xmlText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(UNREADABLE, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}

/** Text of any origin as a spreadsheet shows it: also what looks like the code of a character stays what it is. */
export function cellText(text: string): string {
  return xmlText(text.replace(CHARACTER_CODE, '_x005F_'));
}

export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
