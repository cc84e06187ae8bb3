import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  listObjectionThemes,
  loadObjectionTheme,
  loadObjectionThemes,
} from '../../../../src/call-engine/objections/load.ts';

const SHIPPED = fileURLToPath(new URL('../../../../objections', import.meta.url));

const PISCINE = {
  theme: 'piscine',
  title: 'Piscines',
  objections: [
    {
      id: 'too_cold',
      category: 'practical',
      objection: 'Il fait trop froid ici',
      phrasings: ['chez nous il gèle'],
      response: "C'est vrai, la saison est courte.",
      audio_file: 'piscine_too_cold.wav',
    },
  ],
};

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'objections-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function write(name: string, value: unknown): Promise<void> {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  await writeFile(path.join(directory, `${name}.json`), text);
}

const message = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

describe('a theme of the user', () => {
  it('is there as soon as its file is', async () => {
    await write('piscine', PISCINE);
    expect(await listObjectionThemes(directory)).toEqual(['piscine']);
    const theme = await loadObjectionTheme(directory, 'piscine');
    expect(theme.objections[0]).toMatchObject({ id: 'too_cold', audioFile: 'piscine_too_cold.wav' });
  });

  it('may leave the phrasings out', async () => {
    const [objection] = PISCINE.objections;
    await write('piscine', { ...PISCINE, objections: [{ ...objection, phrasings: undefined }] });
    const theme = await loadObjectionTheme(directory, 'piscine');
    expect(theme).toMatchObject({ none: [], objections: [{ phrasings: [], insteadOf: [] }] });
  });

  it('may say what is none of its objections, and which standard ones they stand for', async () => {
    const [objection] = PISCINE.objections;
    await write('piscine', {
      ...PISCINE,
      none: ['il fait froid ce matin'],
      objections: [{ ...objection, instead_of: ['not_now'] }],
    });
    const theme = await loadObjectionTheme(directory, 'piscine');
    expect(theme).toMatchObject({
      none: ['il fait froid ce matin'],
      objections: [{ insteadOf: ['not_now'] }],
    });
  });

  it.each([
    ['an unknown category', { category: 'prix' }, /piscine\.json.*field "objections\[0\]\.category"/],
    ['an answer that is missing', { response: undefined }, /field "objections\[0\]\.response"/],
    [
      'audio in another folder',
      { audio_file: '../secret.wav' },
      /field "objections\[0\]\.audio_file".*file name/,
    ],
    ['a field that does not exist', { reponse: 'x' }, /field "objections\[0\]".*reponse/],
  ])('is refused with file and field for %s', async (_what, changed, pattern) => {
    const [objection] = PISCINE.objections;
    await write('piscine', { ...PISCINE, objections: [{ ...objection, ...changed }] });
    await expect(loadObjectionTheme(directory, 'piscine')).rejects.toMatchObject({
      code: 'OBJECTIONS_INVALID',
      message: message(pattern),
    });
  });

  it('is refused when an id is used twice, or the name is not that of the file', async () => {
    await write('piscine', { ...PISCINE, objections: [...PISCINE.objections, ...PISCINE.objections] });
    await expect(loadObjectionTheme(directory, 'piscine')).rejects.toMatchObject({
      message: message(/field "objections\[1\]\.id": "too_cold" is used twice/),
    });
    await write('jardin', PISCINE);
    await expect(loadObjectionTheme(directory, 'jardin')).rejects.toMatchObject({
      message: message(/jardin\.json.*"theme" says "piscine"/),
    });
  });

  it('is refused when it is no JSON', async () => {
    await write('piscine', '{"theme": ');
    await expect(loadObjectionTheme(directory, 'piscine')).rejects.toMatchObject({
      code: 'OBJECTIONS_UNREADABLE',
      message: message(/piscine\.json is no valid JSON/),
    });
  });
});

describe('a theme that is not there', () => {
  it('is an error that names those that are', async () => {
    await write('piscine', PISCINE);
    await expect(loadObjectionTheme(directory, 'or')).rejects.toMatchObject({
      code: 'OBJECTIONS_NOT_FOUND',
      message: message(/or\.json does not exist; there are: piscine/),
    });
  });

  it('cannot lead out of the folder', async () => {
    await expect(loadObjectionTheme(directory, '../package')).rejects.toMatchObject({
      code: 'OBJECTIONS_NAME_INVALID',
    });
  });

  it('makes an empty list where there is no folder', async () => {
    expect(await listObjectionThemes(path.join(directory, 'none'))).toEqual([]);
  });
});

describe('loadObjectionThemes', () => {
  it("gives the scenario's own theme before the standard one, and no theme twice", async () => {
    const own = await loadObjectionThemes({ directory: SHIPPED, theme: 'or' });
    expect(own.map(({ theme }) => theme)).toEqual(['or', 'standard']);
    const standard = await loadObjectionThemes({ directory: SHIPPED, theme: 'standard' });
    expect(standard.map(({ theme }) => theme)).toEqual(['standard']);
  });
});
