import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Countries and territories with one time zone (French Polynesia: Tahiti's, where nearly all its people live). */
const ZONE_BY_COUNTRY_CODE: Readonly<Record<string, string>> = {
  '33': 'Europe/Paris',
  '508': 'America/Miquelon',
  '590': 'America/Guadeloupe',
  '594': 'America/Cayenne',
  '596': 'America/Martinique',
  '681': 'Pacific/Wallis',
  '687': 'Pacific/Noumea',
  '689': 'Pacific/Tahiti',
  '32': 'Europe/Brussels',
  '352': 'Europe/Luxembourg',
  '377': 'Europe/Monaco',
  '41': 'Europe/Zurich',
};

/** The IANA time zone in which a number's owner lives; null when the number does not tell. */
export function timeZoneOfNumber(number: string): string | null {
  // The mainland alone, without its metadata: a list of a million numbers is nearly all of it.
  if (/^\+33[1-9]\d{8}$/.test(number)) return 'Europe/Paris';
  const parsed = parsePhoneNumberFromString(number);
  if (parsed === undefined) return null;
  if (parsed.countryCallingCode === '262') return zoneInIndianOcean(number);
  return ZONE_BY_COUNTRY_CODE[parsed.countryCallingCode] ?? null;
}

/** +262 is La Réunion and Mayotte, an hour apart. Their shared 9… numbers do not tell which. */
function zoneInIndianOcean(number: string): string | null {
  if (/^\+262(?:269|639)/.test(number)) return 'Indian/Mayotte';
  if (/^\+262(?:26[23]|69[23])/.test(number)) return 'Indian/Reunion';
  const country = parsePhoneNumberFromString(number)?.country;
  if (country === 'YT') return 'Indian/Mayotte';
  return country === 'RE' ? 'Indian/Reunion' : null;
}
