import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createFingerprint, type Fingerprint } from '../compliance/fingerprint.ts';
import { OperatorError } from '../errors.ts';
import type { Executor } from './client.ts';
import { oppositionKey } from './schema.ts';

/** Where the key of the fingerprints comes from. */
export interface OppositionKeySource {
  /** `OPPOSITION_KEY`; null: not set. */
  given: string | null;
  /** Kept here, and made on first use, where nothing is given; null: no such file (the database is on another machine). */
  file: string | null;
}

const CHECKED_TEXT = 'MiniBotPanel: check of the opposition key, version 1';
const KEY_BYTES = 32;

/**
 * What turns numbers into fingerprints. The first use writes a check of the key into the database; from then on another
 * key, or none, rejects with an `OperatorError`: without the right key the opposition list would match nobody.
 */
export async function openFingerprint(db: Executor, source: OppositionKeySource): Promise<Fingerprint> {
  const known = await storedCheck(db);
  const key = source.given ?? (await keyFromFile(source.file, known === null));
  const fingerprint = createFingerprint(key);
  const check = fingerprint(CHECKED_TEXT);
  const stored = known ?? (await storeCheck(db, check));
  if (stored === check) return fingerprint;
  throw keyChanged(source);
}

/**
 * Whether there is a key, and it is the one that the list was made with. Changes nothing; rejects as `openFingerprint`
 * does. `unused`: no list was made yet.
 */
export async function inspectOppositionKey(
  db: Executor,
  source: OppositionKeySource,
): Promise<'matches' | 'unused'> {
  const known = await storedCheck(db);
  if (known === null && source.file !== null) return 'unused';
  const key = source.given ?? (await keyFromFile(source.file, false));
  if (known === null) return 'unused';
  if (createFingerprint(key)(CHECKED_TEXT) === known) return 'matches';
  throw keyChanged(source);
}

function keyChanged(source: OppositionKeySource): OperatorError {
  return new OperatorError(
    'opposition_key_changed',
    `the opposition list was made with another key than ${source.given === null ? String(source.file) : 'OPPOSITION_KEY'}: ` +
      'nobody on it would be recognised, so nobody is called. Put the former key back',
  );
}

async function storedCheck(db: Executor): Promise<string | null> {
  const [row] = await db.select({ checkValue: oppositionKey.checkValue }).from(oppositionKey);
  return row?.checkValue ?? null;
}

/** The check of whoever was first. */
async function storeCheck(db: Executor, checkValue: string): Promise<string> {
  await db.insert(oppositionKey).values({ checkValue }).onConflictDoNothing();
  return (await storedCheck(db)) ?? checkValue;
}

async function keyFromFile(file: string | null, mayCreate: boolean): Promise<string> {
  if (file === null) {
    throw new OperatorError(
      'opposition_key_missing',
      'OPPOSITION_KEY is not set: the opposition list is kept as fingerprints made with it, and nobody is called without. ' +
        'Make one with `openssl rand -hex 32`, write it into .env, the same on every machine, and keep a copy',
    );
  }
  const found = await readKey(file);
  if (found !== null) return found;
  if (!mayCreate) {
    throw new OperatorError(
      'opposition_key_missing',
      `the key of the opposition list is gone (${file}): nobody on it would be recognised, so nobody is called. ` +
        'Put the file back, or its content into OPPOSITION_KEY',
    );
  }
  return createKey(file);
}

async function readKey(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new OperatorError('opposition_key_unreadable', `${file} cannot be read: check its permissions`, {
      cause: error,
    });
  }
}

/** Appears whole or not at all; of two processes that begin together, both use the key of the first. */
async function createKey(file: string): Promise<string> {
  const draft = `${file}.${randomUUID()}`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(draft, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
  const key = await readKey(file);
  if (key === null)
    throw new OperatorError('opposition_key_missing', `${file} was removed while it was made`);
  return key;
}
