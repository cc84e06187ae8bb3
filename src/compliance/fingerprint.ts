import { createHmac } from 'node:crypto';

/** Stands for a phone number where the number itself must not: the same number always gives the same fingerprint. */
export type Fingerprint = (phone: string) => string;

/**
 * HMAC-SHA-256 of the E.164 number, in hexadecimal. Without the key, a fingerprint tells nothing: all numbers of a country
 * could be tried against a plain hash within minutes.
 */
export function createFingerprint(key: string): Fingerprint {
  return (phone) => createHmac('sha256', key).update(phone).digest('hex');
}
