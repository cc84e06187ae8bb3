import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkScenario } from '../../../../src/call-engine/scenario/check.ts';
import { listScenarioIds, loadScenario, readScenario } from '../../../../src/call-engine/scenario/load.ts';
import { OperatorError } from '../../../../src/errors.ts';
import { asking, DEFAULTS, final } from '../../../helpers/scenarios.ts';

const SHIPPED = path.join(import.meta.dirname, '../../../../scenarios');

describe('a scenario file', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'scenarios-'));
  });

  afterEach(() => rm(directory, { recursive: true }));

  async function write(id: string, value: unknown): Promise<void> {
    await writeFile(
      path.join(directory, `${id}.json`),
      typeof value === 'string' ? value : JSON.stringify(value),
    );
  }

  it('is read, with a byte order mark too', async () => {
    const steps = { hello: asking({ '*': 'bye' }), bye: final('success') };
    await write('mine', `\uFEFF${JSON.stringify({ name: 'Mine', steps })}`);
    await expect(loadScenario(directory, 'mine', DEFAULTS)).resolves.toMatchObject({
      id: 'mine',
      name: 'Mine',
    });
  });

  it('with faults is refused with all of them', async () => {
    await write('broken', { name: 'X', steps: { a: { type: 'audio' }, b: asking({}, { timeout: 99 }) } });
    const error: unknown = await loadScenario(directory, 'broken', DEFAULTS).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(OperatorError);
    expect(error).toMatchObject({ code: 'SCENARIO_INVALID' });
    expect(String(error)).toMatch(
      /scenario "broken" cannot be used:\n {2}- step "a", field "audio_path".*\n {2}- step "b", field "timeout"/,
    );
  });

  it('that leads nowhere is refused by loading, and can still be read', async () => {
    await write('astray', { name: 'X', steps: { a: asking({ '*': 'gone' }), b: final('success') } });
    await expect(loadScenario(directory, 'astray', DEFAULTS)).rejects.toThrow('leads to "gone"');
    await expect(readScenario(directory, 'astray', DEFAULTS)).resolves.toMatchObject({ id: 'astray' });
  });

  it('that is missing is refused with those that there are', async () => {
    await write('other', '{}');
    await expect(loadScenario(directory, 'mine', DEFAULTS)).rejects.toThrow(
      'does not exist; there are: other',
    );
  });

  it('that is no JSON is refused', async () => {
    await write('mine', '{ "name": ');
    await expect(loadScenario(directory, 'mine', DEFAULTS)).rejects.toMatchObject({
      code: 'SCENARIO_UNREADABLE',
    });
  });

  it.each(['../secret', 'a/b', '', '.', 'a\0b', 'é'])('is never looked for under the name %j', async (id) => {
    await expect(loadScenario(directory, id, DEFAULTS)).rejects.toMatchObject({
      code: 'SCENARIO_ID_INVALID',
    });
  });

  it('is listed by its id', async () => {
    await write('b', '{}');
    await write('a', '{}');
    await writeFile(path.join(directory, 'notes.txt'), '');
    await expect(listScenarioIds(directory)).resolves.toEqual(['a', 'b']);
    await expect(listScenarioIds(path.join(directory, 'none'))).resolves.toEqual([]);
  });
});

describe('the shipped scenarios', () => {
  it("are the guides'", async () => {
    await expect(listScenarioIds(SHIPPED)).resolves.toEqual([
      'production',
      'test',
      'vente_or_investissement',
    ]);
  });

  it.each(['production', 'test', 'vente_or_investissement'])('%s has no problem of any kind', async (id) => {
    expect(checkScenario(await loadScenario(SHIPPED, id, DEFAULTS), { disclosure: 'strict' })).toEqual([]);
  });

  it('say at the first step that an automated system is calling, for whom and how to object', async () => {
    for (const id of await listScenarioIds(SHIPPED)) {
      const scenario = await loadScenario(SHIPPED, id, DEFAULTS);
      expect(scenario.steps.get(scenario.startStepId)).toMatchObject({
        discloses: ['automated', 'caller', 'opposition'],
        text: expect.stringContaining('appel automatisé') as string,
      });
    }
  });
});
