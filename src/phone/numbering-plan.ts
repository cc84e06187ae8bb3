/** Country codes of France: the mainland and the territories that French campaigns call. */
export const FRENCH_COUNTRY_CODES: readonly string[] = ['33', '262', '508', '590', '594', '596'];

/**
 * Numbers that Arcep reserves for films and books: nobody answers them. Demo and tests call only these.
 * +33 followed by 1 99 00, 2 61 91, 3 53 01, 4 65 71, 5 36 49 or 6 39 98, and four digits.
 */
const FICTION = /^\+33(?:19900|26191|35301|46571|53649|63998)\d{4}$/;

export function isReservedForFiction(number: string): boolean {
  return FICTION.test(number);
}

/** What French territories overseas dial as `0…`, and the country code under which the world reaches it. */
const OVERSEAS_PREFIXES: readonly { prefix: RegExp; countryCode: string }[] = [
  { prefix: /^(?:26[239]|639|69[23])/, countryCode: '262' },
  { prefix: /^(?:590|5987|69[01]|709)/, countryCode: '590' },
  { prefix: /^(?:594|694)/, countryCode: '594' },
  { prefix: /^(?:596|69[67])/, countryCode: '596' },
  { prefix: /^(?:508|708)/, countryCode: '508' },
];

/**
 * E.164 of nine digits that follow a French national `0`. Overseas numbers are not +33. `metadataKnows` tells whether a
 * number is in use: the blocks that all of France shares (0976, 0939, 0947) are told apart by it alone.
 */
export function fromFrenchNational(digits: string, metadataKnows: (number: string) => boolean): string {
  const mainland = `+33${digits}`;
  // 0639 is Mayotte's, but 0639 98 is fiction.
  if (isReservedForFiction(mainland)) return mainland;
  const overseas = OVERSEAS_PREFIXES.find(({ prefix }) => prefix.test(digits));
  if (overseas !== undefined) {
    // Saint-Pierre-et-Miquelon's fixed numbers have six digits of their own; 508 is both prefix and country code.
    const local = digits.startsWith('508') ? digits.slice(3) : digits;
    return `+${overseas.countryCode}${local}`;
  }
  if (/^9(?:76|39[5-9]|47[5-9])/.test(digits)) {
    const known = ['262', '590', '594', '596'].map((code) => `+${code}${digits}`).filter(metadataKnows);
    if (known.length === 1 && known[0] !== undefined) return known[0];
  }
  return mainland;
}
