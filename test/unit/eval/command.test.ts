import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../../..');
const DEADLINE_MS = 60_000;

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function runEval(...args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', path.join(ROOT, 'eval/main.ts'), ...args],
      { cwd: ROOT, timeout: DEADLINE_MS, maxBuffer: 50_000_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
    child.once('error', reject);
  });
}

describe('npm run eval', { timeout: DEADLINE_MS }, () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'eval-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function tsv(...lines: string[]): Promise<string> {
    const file = path.join(directory, `rows-${lines.length}-${lines[0]?.length ?? 0}.tsv`);
    await writeFile(file, `${lines.join('\n')}\n`);
    return file;
  }

  it('screens recordings of a folder, and says how long it listened', async () => {
    const folder = path.join(directory, 'recordings');
    await mkdir(folder);
    const audio = path.join(ROOT, 'test/corpus/amd-audio/dev');
    for (const name of ['allo-m7.wav', 'messagerie-m7.wav']) {
      await copyFile(path.join(audio, name), path.join(folder, name));
    }
    await writeFile(
      path.join(folder, 'labels.tsv'),
      'file\tlabel\nallo-m7.wav\tHUMAN\nmessagerie-m7.wav\tMACHINE\n',
    );
    const { code, stdout, stderr } = await runEval('amd', '--file', folder, '--json');

    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      accuracy: 1,
      rows: [
        { file: 'allo-m7.wav', predicted: 'HUMAN', method: 'words', heard: 'allô' },
        { file: 'messagerie-m7.wav', predicted: 'MACHINE', method: 'words' },
      ],
    });
    const again = await runEval('amd', '--file', folder, '--json');
    const rowsOf = (text: string) => (JSON.parse(text) as { rows: unknown }).rows; // As asserted above.
    expect(rowsOf(again.stdout)).toEqual(rowsOf(stdout));
  });

  it('names a recording that is not there', async () => {
    const file = await tsv('file\tlabel', 'absent.wav\tHUMAN');
    const { code, stderr } = await runEval('amd', '--file', file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*absent\.wav cannot be read/);
  });

  it('scores intents, with the question asked, and keeps every column', async () => {
    const file = await tsv(
      'text\tintent\tcontext\tnote',
      'non pas du tout\taffirm\tBonjour, est-ce que je vous dérange ?\ta',
      'non\tdeny\tAvez-vous deux minutes ?\tb',
      '\tsilence\t\tc',
      'non merci\taffirm\tAvez-vous deux minutes ?\twrong label',
    );
    const { code, stdout } = await runEval('intents', '--file', file, '--json');

    expect(code).toBe(0);
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({
      accuracy: 0.75,
      rows: [
        { text: 'non pas du tout', note: 'a', expected: 'affirm', predicted: 'affirm' },
        { context: 'Avez-vous deux minutes ?', expected: 'deny', predicted: 'deny' },
        { text: '', expected: 'silence', predicted: 'silence', score: 1, method: 'rule' },
        { note: 'wrong label', expected: 'affirm', predicted: 'deny' },
      ],
    });
  });

  it('scores objections, the own theme first', async () => {
    const file = await tsv(
      'theme\ttext\texpected_id',
      "or\toù est-ce que je stocke l'or\tstorage",
      'or\tenvoyez-moi plutôt un mail\tsend_email',
      'or\til fait beau\tnone',
    );
    const out = path.join(directory, 'objections.json');
    const { code, stdout } = await runEval('objections', '--file', file, '--json', out);

    expect(code).toBe(0);
    expect(stdout).toContain('accuracy             100.0 %');
    const report: unknown = JSON.parse(await readFile(out, 'utf8'));
    expect(report).toMatchObject({
      rows: [{ predicted: 'storage' }, { predicted: 'send_email' }, { predicted: 'none', score: 0 }],
    });
  });

  it('scores greetings by their words', async () => {
    const file = await tsv(
      'text\tlabel',
      'allô\thuman',
      'vous êtes bien sur la messagerie de paul laissez un message\tMACHINE',
      '\tunknown',
    );
    const { code, stdout } = await runEval('amd', '--file', file, '--json');

    expect(code).toBe(0);
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({
      accuracy: 1,
      rows: [
        { expected: 'HUMAN', method: 'words' },
        { predicted: 'MACHINE', method: 'words' },
        { predicted: 'HUMAN', method: 'in-doubt' },
      ],
    });
  });

  it.each([
    ['intents', ['text\tintent', 'oui\tyes'], /line 2: "yes" is no intent/],
    ['amd', ['text\tlabel', 'oui\tHUMAN', 'oui\tROBOT'], /line 3: "ROBOT" is no label/],
    ['objections', ['theme\ttext\texpected_id', 'lune\toui\tnone'], /line 2: "lune" is no theme/],
    ['objections', ['theme\ttext\texpected_id', 'or\toui\tnone', 'or\toui\tlunar'], /line 3: neither or/],
  ])('says which line of a file of %s is wrong', async (name, lines, message) => {
    const { code, stderr } = await runEval(name, '--file', await tsv(...lines));
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });
});
