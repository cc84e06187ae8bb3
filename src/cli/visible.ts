/** What moves a terminal's cursor, changes its colours or turns text around. */
const INVISIBLE = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** Text of unknown origin (a file, the database, an error) as a terminal may safely show it. Line breaks stay. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => (character === '\n' ? character : '\ufffd'));
}
