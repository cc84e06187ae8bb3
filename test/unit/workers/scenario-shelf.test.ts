import { cp, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScenarioShelf, type ScenarioShelfOptions } from '../../../src/workers/scenario-shelf.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const ID = 'vente_or_investissement';

describe('ScenarioShelf', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'shelf-'));
    await cp(path.join(ROOT, 'scenarios'), path.join(folder, 'scenarios'), { recursive: true });
    await cp(path.join(ROOT, 'audio'), path.join(folder, 'audio'), { recursive: true });
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const shelf = (options: Partial<ScenarioShelfOptions> = {}) =>
    new ScenarioShelf(
      {
        scenariosDir: path.join(folder, 'scenarios'),
        objectionsDir: path.join(ROOT, 'objections'),
        soundsDir: path.join(folder, 'audio'),
        defaults: { voice: 'demo', listenTimeoutMs: 4000 },
        minScore: 0.5,
        answersObjections: true,
        disclosureCheck: 'strict',
        ...options,
      },
      pino({ level: 'silent' }),
    );

  it('brings a scenario with its objections', async () => {
    const { scenario, matchObjection } = await shelf().take(ID);
    expect(scenario.id).toBe(ID);
    expect(matchObjection("c'est trop cher")?.audioPath).toMatch(/^demo\/objections\//);
  });

  it('reads a scenario again once its file has changed, and not before', async () => {
    const kept = shelf();
    const first = await kept.take(ID);
    expect(await kept.take(ID)).toBe(first);
    const file = path.join(folder, 'scenarios', `${ID}.json`);
    const changed: unknown = { ...(JSON.parse(await readFile(file, 'utf8')) as object), name: 'Autre nom' };
    await writeFile(file, JSON.stringify(changed));
    await utimes(file, new Date(), new Date(Date.now() + 5000));
    expect((await kept.take(ID)).scenario.name).toBe('Autre nom');
  });

  it('refuses a scenario whose prompts are not recorded, naming them', async () => {
    await rm(path.join(folder, 'audio/demo/base/pitch.wav'));
    await expect(shelf().take(ID)).rejects.toMatchObject({
      code: 'recordings_missing',
      message: expect.stringContaining('demo/base/pitch.wav') as string,
    });
  });

  it('answers no objection whose answer is not recorded', async () => {
    const { matchObjection: before } = await shelf().take(ID);
    const answer = before("c'est trop cher")?.audioPath ?? '';
    await rm(path.join(folder, 'audio', answer));
    const { matchObjection } = await shelf().take(ID);
    expect(matchObjection("c'est trop cher")?.audioPath).not.toBe(answer);
    expect(matchObjection("un lingot j'ai pas les moyens")?.audioPath).not.toBe(answer);
  });

  it('looks at no recordings when the sounds are on another machine', async () => {
    await expect(shelf({ soundsDir: '/nowhere/on/this/machine' }).take(ID)).resolves.toMatchObject({
      scenario: { id: ID },
    });
  });

  it('answers objections with recordings only when told to, but always whether it is a robot', async () => {
    const { matchObjection } = await shelf({ answersObjections: false }).take(ID);
    expect(matchObjection("c'est trop cher")).toBeNull();
    expect(matchObjection('est-ce que vous êtes un robot')?.objectionId).toBe('standard/is_robot');
  });
});
