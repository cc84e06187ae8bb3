import { describe, expect, it } from 'vitest';
import { csvTable, importRequest } from '../../helpers/contact-table.ts';
import {
  importContacts,
  ImportInterruptedError,
  MAX_REPORTED,
  type ContactSink,
  type ImportContactsRequest,
} from '../../../src/contacts/import-contacts.ts';

/** Stores by number, as the database does. */
function memorySink() {
  const stored = new Map<string, string | null>();
  const batches: number[] = [];
  const listed: string[] = [];
  const sink: ContactSink = ({ contacts, opposed }) => {
    batches.push(contacts.length + opposed.length);
    listed.push(...opposed);
    const added = new Set(contacts.map(({ phone }) => phone).filter((phone) => !stored.has(phone)));
    for (const { phone, lastName } of contacts) stored.set(phone, lastName);
    return Promise.resolve({ added });
  };
  return { stored, listed, batches, sink };
}

async function request(text: string, change: Partial<ImportContactsRequest> = {}) {
  return importRequest(await csvTable(text, 1000), change);
}

const number = (i: number): string => `019900${String(i).padStart(4, '0')}`;
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `${number(from + i)};Nom ${from + i}\n`).join('');

describe('importContacts', () => {
  it('reports what was imported, known already and rejected, and puts batches into the sink', async () => {
    const { sink, stored, batches } = memorySink();
    const text = `telephone;nom\n${lines(0, 250)}${lines(0, 10)}112;Pompiers\n199000400;Zéro perdu\n`;
    const progress: number[] = [];
    const rejected: number[] = [];
    const report = await importContacts(
      await request(text, {
        onProgress: (now) => progress.push(now.phase === 'checking' ? 0 : now.lines / now.total),
        onRejected: ({ line }) => rejected.push(line),
      }),
      sink,
    );
    expect(report).toEqual({
      total: 262,
      imported: 251,
      duplicates: 10,
      duplicatesInFile: 10,
      duplicatesKnown: 0,
      rejected: 1,
      elsewhere: 0,
      opposed: 0,
      repaired: 1,
      repeats: Array.from({ length: 10 }, (_, i) => ({ line: 252 + i, firstLine: 2 + i })),
      errors: [{ line: 262, column: 'telephone', reason: 'emergency', value: '112' }],
    });
    expect(batches).toEqual([100, 100, 61]);
    expect(stored.size).toBe(251);
    expect(progress.at(-1)).toBe(1);
    expect(rejected).toEqual([262]);
  });

  it('hands over who is not to be called, in their place in the file, and counts them apart', async () => {
    const { sink, stored, listed, batches } = memorySink();
    const text = `telephone;nom;statut\n0199000001;A;\n0199000002;B;do_not_call\n0199000003;C;ne pas appeler\n`;
    expect(await importContacts(await request(text, { batchSize: 2 }), sink)).toMatchObject({
      ...{ total: 3, imported: 1, rejected: 0, opposed: 2, errors: [] },
    });
    expect(listed).toEqual(['+33199000002', '+33199000003']);
    expect([...stored.keys()]).toEqual(['+33199000001']);
    expect(batches).toEqual([2, 1]);
  });

  it('imports nobody twice when it is run again', async () => {
    const { sink, stored } = memorySink();
    const text = `telephone;nom\n${lines(0, 120)}`;
    await importContacts(await request(text), sink);
    expect(await importContacts(await request(text), sink)).toMatchObject({
      imported: 0,
      duplicates: 120,
      duplicatesKnown: 120,
    });
    expect(stored.size).toBe(120);
  });

  it('stores nothing of a file that breaks off near its end', async () => {
    const { sink, stored } = memorySink();
    const text = `telephone;nom\n${lines(0, 500)}0199000900;"never closed\n`;
    await expect(importContacts(await request(text), sink)).rejects.toMatchObject({
      name: 'ContactFileError',
      code: 'CONTACTS_ENDLESS_LINE',
    });
    expect(stored.size).toBe(0);
  });

  it('says how far it got when storing fails half-way', async () => {
    const { sink, stored } = memorySink();
    const failing: ContactSink = (batch) =>
      stored.size >= 200 ? Promise.reject(new Error('database gone')) : sink(batch);
    const failure: unknown = await importContacts(
      await request(`telephone;nom\n${lines(0, 500)}`),
      failing,
    ).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ImportInterruptedError);
    expect(failure).toMatchObject({
      code: 'CONTACTS_IMPORT_INTERRUPTED',
      message: expect.stringContaining('200 new contacts') as string,
      report: { imported: 200, total: 500 },
      cause: expect.objectContaining({ message: 'database gone' }) as Error,
    });
  });

  it('reads the next batch while one is stored, never more, and waits for it before it says that it failed', async () => {
    const { sink } = memorySink();
    let atOnce = 0;
    let most = 0;
    let stored = 0;
    const slow: ContactSink = async (batch) => {
      most = Math.max(most, (atOnce += 1));
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
      stored += batch.contacts.length;
      if (stored >= 200) throw new Error('database gone');
      return sink(batch);
    };
    const failure: unknown = await importContacts(
      await request(`telephone;nom\n${lines(0, 250)}`),
      slow,
    ).catch((error: unknown) => error);
    expect(failure).toMatchObject({ report: { imported: 100, total: 250 } });
    expect({ most, atOnce, stored }).toEqual({ most: 1, atOnce: 0, stored: 200 });
  });

  it('stops between batches when it is told to', async () => {
    const { sink, stored } = memorySink();
    const controller = new AbortController();
    const onProgress = ({ phase }: { phase: string }): void => {
      if (phase === 'storing') controller.abort();
    };
    await expect(
      importContacts(
        await request(`telephone;nom\n${lines(0, 500)}`, { signal: controller.signal, onProgress }),
        sink,
      ),
    ).rejects.toMatchObject({ code: 'CONTACTS_IMPORT_INTERRUPTED', report: { imported: 100 } });
    expect(stored.size).toBe(100);
  });

  it('counts every rejected line but keeps a bounded list of them', async () => {
    const { sink } = memorySink();
    const bad = 'abc;x\n'.repeat(MAX_REPORTED + 500);
    const report = await importContacts(await request(`telephone;nom\n${bad}`), sink);
    expect(report.rejected).toBe(MAX_REPORTED + 500);
    expect(report.errors).toHaveLength(MAX_REPORTED);
  });
});
