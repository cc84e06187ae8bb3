import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { asking, final } from '../../helpers/scenarios.ts';
import { runCli } from './run-cli.ts';

/** Many processes one after the other, on a machine that may be busy. */
const TIMEOUT_MS = 120_000;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it(
  'finds the shipped scenarios usable, recordings included',
  async () => {
    const checked = await runCli(['scenario', 'validate', '--json'], { cwd: folder });
    expect(checked).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(checked.stdout)).toMatchObject([
      { id: 'production', valid: true },
      { id: 'test', valid: true },
      { id: 'vente_or_investissement', valid: true },
    ]);
  },
  TIMEOUT_MS,
);

it(
  'names step, field and recording at fault',
  async () => {
    const scenarios = path.join(folder, 'scenarios');
    await mkdir(scenarios);
    const steps = { hello: asking({ affirm: 'nowhere', '*': 'bye' }), bye: final('success') };
    await writeFile(path.join(scenarios, 'mine.json'), JSON.stringify({ name: 'Mine', steps }));
    await writeFile(path.join(scenarios, 'torn.json'), '{"name": ');
    const env = { SCENARIOS_DIR: scenarios };

    const [checked, listed] = await Promise.all([
      runCli(['scenario', 'validate'], { cwd: folder, env }),
      runCli(['scenario', 'list'], { cwd: folder, env }),
    ]);
    expect(checked.status).toBe(1);
    expect(checked.stdout).toContain('✘ mine: cannot be used\n');
    expect(checked.stdout).toContain('error  step "hello", field "transitions.affirm": leads to "nowhere"');
    expect(checked.stdout).toContain('the recording demo/base/ask.wav does not exist');
    expect(checked.stdout).toMatch(/✘ torn: cannot be used\n +error .+ is no valid JSON/);
    expect(listed.status).toBe(0);
    expect(listed.stdout).toMatch(/^mine .+ broken: see minibot scenario validate$/m);
  },
  TIMEOUT_MS,
);

it(
  'walks a scenario by written answers, with the real classifier and objections',
  async () => {
    const answers = path.join(folder, 'answers.txt');
    await writeFile(answers, '# a remark\noui\ncombien ça coûte ?\nne me rappelez plus jamais\noui\n');
    const command = ['scenario', 'simulate', 'vente_or_investissement', '--answers', answers];
    const env = { INTENT_ENGINE: 'local' };
    const [plain, json] = await Promise.all([
      runCli(command, { cwd: folder, env }),
      runCli([...command, '--json'], { cwd: folder, env }),
    ]);
    expect(plain).toMatchObject({ status: 0, stderr: '' });
    expect(plain.stdout).toMatch(/👤 oui\n +affirm \(\d+ %, \w+\)\n +hello → pitch\n🤖 \[pitch\] L'or peut/);
    expect(plain.stdout).toContain('📞 Call over: opt_out (asked not to be called again)');
    expect(JSON.parse(json.stdout)).toMatchObject({
      opening: { step: 'hello' },
      turns: [
        { said: 'oui', intent: 'affirm', step: 'pitch' },
        { intent: 'question', objection: { objectionId: 'or/min_amount' } },
        { intent: 'opt_out' },
      ],
      result: 'opt_out',
    });

    const open = await runCli(['scenario', 'simulate', 'test', '--answers', path.join(folder, 'none')], {
      cwd: folder,
    });
    expect(open.status).toBe(1);
    expect(open.stderr).toMatch(/there is no file .+none/);
  },
  TIMEOUT_MS,
);

it(
  'draws a scenario as Mermaid and, by the name of the file, as SVG',
  async () => {
    const svg = path.join(folder, 'or.svg');
    const [plain, written, typo] = await Promise.all([
      runCli(['scenario', 'graph', 'test'], { cwd: folder }),
      runCli(['scenario', 'graph', 'vente_or_investissement', '-o', 'or.svg'], { cwd: folder }),
      runCli(['scenario', 'graph', 'test', '--format', 'png'], { cwd: folder }),
    ]);
    expect(plain).toMatchObject({ status: 0, stderr: '' });
    expect(plain.stdout).toContain('flowchart TD\n  s0["test_audio<br/>');
    expect(written).toMatchObject({ status: 0, stdout: '', stderr: 'The drawing is in or.svg\n' });
    expect(await readFile(svg, 'utf8')).toContain('>handle_objection</text>');
    expect(typo.status).toBe(2);
    expect(typo.stderr).toContain('Give one of: mermaid, svg, text.');
  },
  TIMEOUT_MS,
);

it(
  'says what an answer is taken for and which objection it raises',
  async () => {
    const env = { INTENT_ENGINE: 'local' };
    const question = 'Est-ce que je vous dérange ?';
    const [plain, asked, near, far] = await Promise.all([
      runCli(['debug', 'intent', 'ne me rappelez plus jamais'], { cwd: folder, env }),
      runCli(['debug', 'intent', 'oui', '--question', question, '--json'], { cwd: folder, env }),
      runCli(['debug', 'objection', "c'est trop cher", '--theme', 'or', '--json'], { cwd: folder, env }),
      runCli(['debug', 'objection', 'le chat dort sur le canapé'], { cwd: folder, env }),
    ]);
    expect(plain).toMatchObject({ status: 0, stderr: '' });
    expect(plain.stdout).toMatch(/^Intent +opt_out \(\d+\.\d %\)\nDecided by +rule \(INTENT_ENGINE=local\)/);
    expect(JSON.parse(asked.stdout)).toMatchObject({ question: { kind: 'yes-refuses' }, words: ['oui'] });
    expect(JSON.parse(near.stdout)).toMatchObject({
      isAnswered: true,
      nearest: { objectionId: 'or/expensive' },
    });
    expect(far.stdout).toMatch(/none: not sure enough|Raises no objection/);
  },
  TIMEOUT_MS,
);
