import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputFileError, writeWholeFile } from '../../../src/exports/output-file.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-output-'));
  file = path.join(folder, 'out.csv');
});
afterEach(() => rm(folder, { recursive: true }));

const saying = (text: string) => (destination: Writable) => pipeline(Readable.from([text]), destination);
const write = (text: string, overwrite = false) => writeWholeFile(file, { overwrite }, saying(text));

it('writes a file that only its owner reads', async () => {
  await write('whole');
  expect(await readFile(file, 'utf8')).toBe('whole');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['out.csv']);
});

it('leaves nothing behind when writing fails in the middle', async () => {
  const failing = writeWholeFile(file, { overwrite: true }, async (destination) => {
    destination.write('half');
    await pipeline(
      (function* () {
        yield 'more';
        throw new Error('the database is gone');
      })(),
      destination,
    );
  });
  await expect(failing).rejects.toThrow('the database is gone');
  expect(await readdir(folder)).toEqual([]);
});

describe('a file that is there', () => {
  beforeEach(() => writeFile(file, 'mine'));

  it('is replaced only on request', async () => {
    await expect(write('theirs')).rejects.toMatchObject({ problem: 'exists', file });
    expect(await readFile(file, 'utf8')).toBe('mine');
    await write('theirs', true);
    expect(await readFile(file, 'utf8')).toBe('theirs');
    expect(await readdir(folder)).toEqual(['out.csv']);
  });

  it('stays as it was when its replacement fails', async () => {
    const failing = writeWholeFile(file, { overwrite: true }, () => Promise.reject(new Error('interrupted')));
    await expect(failing).rejects.toThrow('interrupted');
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  it('is not replaced either when it came into being while writing', async () => {
    await rm(file);
    const writing = writeWholeFile(file, { overwrite: false }, async (destination) => {
      await writeFile(file, 'somebody else');
      await saying('ours')(destination);
    });
    await expect(writing).rejects.toMatchObject({ problem: 'exists' });
    expect(await readFile(file, 'utf8')).toBe('somebody else');
    expect(await readdir(folder)).toEqual(['out.csv']);
  });

  it('is replaced where a link points to', async () => {
    const linked = path.join(folder, 'link.csv');
    await symlink(file, linked);
    await writeWholeFile(linked, { overwrite: true }, saying('through the link'));
    expect(await readFile(file, 'utf8')).toBe('through the link');
  });
});

describe('where no file can be', () => {
  const problemOf = (where: string) =>
    writeWholeFile(where, { overwrite: true }, saying('x')).then(
      () => null,
      (error: unknown) => (error instanceof OutputFileError ? error.problem : error),
    );

  it('says why', async () => {
    await mkdir(path.join(folder, 'sub'));
    await writeFile(file, '');
    expect(await problemOf(path.join(folder, 'sub'))).toBe('folder');
    expect(await problemOf(path.join(folder, 'nowhere', 'out.csv'))).toBe('no-folder');
    expect(await problemOf(path.join(file, 'out.csv'))).toBe('no-folder');
    expect(await problemOf('/dev/null')).toBe('special');
  });

  it('says that the disk is full', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const writing = writeWholeFile(file, { overwrite: false }, () => Promise.reject(full));
    await expect(writing).rejects.toMatchObject({ problem: 'full', cause: full });
    expect(await readdir(folder)).toEqual([]);
  });
});
