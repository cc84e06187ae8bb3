import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCreateScenario } from '../../../src/cli/commands/create-scenario.ts';
import { runScenarioValidate } from '../../../src/cli/commands/scenario-validate.ts';
import type { CreateScenarioOptions } from '../../../src/cli/create-scenario/plan-options.ts';
import { commandContext } from '../../helpers/command-context.ts';
import { toneWav } from '../../helpers/wav.ts';
import { runCli } from './run-cli.ts';

const TIMEOUT_MS = 60_000;

let folder: string;
let scenarios: string;
let environment: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-create-'));
  scenarios = path.join(folder, 'scenarios');
  await mkdir(scenarios);
  environment = {
    SCENARIOS_DIR: scenarios,
    AUDIO_DIR: path.join(folder, 'audio'),
    FREESWITCH_SOUNDS_DIR: path.join(folder, 'sounds'),
    OBJECTIONS_DIR: path.join(import.meta.dirname, '../../../objections'),
    DISCLOSURE_CHECK: 'strict',
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const QUESTIONS = [
  { step: 'hello', text: 'Avez-vous deux minutes ?' },
  { step: 'pitch', text: 'Un conseiller peut-il vous rappeler ?' },
];

async function create(options: Partial<CreateScenarioOptions>, json = false) {
  const { context, written } = commandContext(environment, { json });
  const given = { question: [], bargeIn: true, force: false, dryRun: false, voice: 'julie', ...options };
  await runCreateScenario(context, given);
  return written;
}

it('writes a scenario that validate takes once its prompts are there, and names those that are not', async () => {
  const made = await create({
    name: 'Été',
    question: QUESTIONS,
    determinant: ['hello'],
    caller: 'GoldInvest',
  });
  expect(made.out).toContain('Steps       9 (2 questions + 7 others)');
  expect(made.err).toMatch(/warning: \d+ of \d+ recordings do not exist yet: julie\/base\/disclosure\.wav/);
  expect(made.err).toContain('minibot draft-voice julie --scenario ete');
  const { steps } = JSON.parse(await readFile(path.join(scenarios, 'ete.json'), 'utf8')) as {
    steps: Record<string, { audio_path?: string; is_determinant?: boolean }>;
  };
  expect(steps['hello']?.is_determinant).toBe(true);

  for (const name of ['opt_out', 'wrong_number', 'callback'])
    steps[name] = { audio_path: `julie/base/${name}.wav` };
  for (const { audio_path } of Object.values(steps)) {
    if (audio_path === undefined) continue;
    const file = path.join(folder, 'sounds', audio_path);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, toneWav(20));
  }
  const { context, written } = commandContext({ ...environment, OBJECTION_USE_PRERECORDED: 'false' });
  expect(await runScenarioValidate(context, ['ete'])).toBe(0);
  expect(written.out).toBe('✔ ete: usable\n');
});

it('replaces a scenario on demand only, and writes nothing in a dry run', async () => {
  const plan = { name: 'Vente', question: QUESTIONS, caller: 'GoldInvest' };
  await create(plan);
  const before = await readFile(path.join(scenarios, 'vente.json'), 'utf8');
  await expect(create({ ...plan, theme: 'or' })).rejects.toThrow(
    'is there already: choose another --id, or give --force',
  );
  expect(await readFile(path.join(scenarios, 'vente.json'), 'utf8')).toBe(before);

  const dry = await create({ ...plan, theme: 'or', force: true, dryRun: true });
  expect(JSON.parse(dry.out.slice(0, dry.out.lastIndexOf('}') + 1))).toMatchObject({ theme: 'or' });
  expect(await readFile(path.join(scenarios, 'vente.json'), 'utf8')).toBe(before);

  await create({ ...plan, theme: 'or', force: true });
  expect(JSON.parse(await readFile(path.join(scenarios, 'vente.json'), 'utf8'))).toMatchObject({
    theme: 'or',
  });
  expect(await readdir(scenarios)).toEqual(['vente.json']);
});

it('takes the answers from a JSON file, options first', async () => {
  const file = path.join(folder, 'plan.json');
  const plan = { name: 'Vente', voice: 'marc', caller: 'GoldInvest', retry: 'none', questions: QUESTIONS };
  await writeFile(file, `\uFEFF${JSON.stringify(plan)}`);
  const { out } = await create({ fromJson: file, id: 'mine' }, true);
  expect(JSON.parse(out)).toMatchObject({
    id: 'mine',
    written: true,
    scenario: { name: 'Vente', voice: 'julie', start: 'disclosure' },
    warnings: [],
  });
  await writeFile(file, '{"name": ');
  await expect(create({ fromJson: file })).rejects.toThrow('is no valid JSON');
  await writeFile(file, toneWav(10));
  await expect(create({ fromJson: file })).rejects.toThrow('is no text file: give the answers as JSON');
  await writeFile(file, '[]');
  await expect(create({ fromJson: file })).rejects.toThrow('this makes no scenario');
});

it('says what is missing, and writes nothing', async () => {
  const anonymous = create({ name: 'Vente', question: QUESTIONS });
  await expect(anonymous).rejects.toThrow(
    /people must be told for whom .+ give --caller NAME or --disclosure TEXT/,
  );
  const unknown = create({ name: 'Vente', question: QUESTIONS, caller: 'A', theme: 'ro' });
  await expect(unknown).rejects.toThrow('there is no objection theme ro; there are: assurance');
  const noQuestion = create({ name: 'Vente', question: QUESTIONS, caller: 'A', determinant: ['helo'] });
  await expect(noQuestion).rejects.toThrow('--determinant names helo, which is no question');
  expect(await readdir(scenarios)).toEqual([]);
});

it('warns where another scenario has a recording say other words', async () => {
  const plan = { name: 'A', question: QUESTIONS, caller: 'GoldInvest' };
  expect((await create(plan)).err).not.toContain('in scenario');
  const second = await create({ ...plan, name: 'B', caller: 'Clairbureau' });
  expect(second.err).toContain('julie/base/disclosure.wav says “Bonjour, ici GoldInvest.');
});

it(
  'without a terminal it says which options to give',
  async () => {
    const run = await runCli(['create-scenario'], {
      cwd: folder,
      env: { ...environment, LANG: 'fr_FR.UTF-8' },
    });
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^erreur : .+--name, --question ÉTAPE=TEXTE .+--from-json FICHIER/);
    const typo = await runCli(['create-scenario', '--question', 'hello'], { cwd: folder, env: environment });
    expect(typo.status).toBe(2);
    expect(typo.stderr).toContain('Give step=text');
  },
  TIMEOUT_MS,
);
