import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { runMinibot } from '../../../src/cli/minibot.ts';
import { TEST_OPPOSITION_KEY } from '../../helpers/campaign-fixture.ts';
import { noInput } from '../../helpers/no-input.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const TSX = import.meta.resolve('tsx');

interface CliRun {
  status: number | null;
  stdout: string;
  stderr: string;
}

interface CliOptions {
  /** Folder it is started in. */
  cwd: string;
  env?: Record<string, string>;
  /** Sends it a signal once this resolves. */
  interruptWhen?: () => Promise<void>;
}

/**
 * Runs the real command line on no other settings than these: in this process, since starting one takes longer than most
 * commands, but in one of its own where it is to be interrupted or to live in another time zone.
 */
export function runCli(args: readonly string[], options: CliOptions): Promise<CliRun> {
  const needsProcess = options.interruptWhen !== undefined || options.env?.['TZ'] !== undefined;
  return needsProcess ? runProcess(args, options) : runHere(args, options);
}

async function runHere(args: readonly string[], options: CliOptions): Promise<CliRun> {
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const status = await inFolder(options.cwd, () =>
    runMinibot({
      args,
      environment: environmentOf(options),
      directory: options.cwd,
      stdin: noInput(),
      stdout: output('stdout'),
      stderr: output('stderr'),
    }),
  );
  return { status, ...written };
}

async function runProcess(args: readonly string[], options: CliOptions): Promise<CliRun> {
  const child = spawn(process.execPath, ['--import', TSX, path.join(ROOT, 'src/cli/main.ts'), ...args], {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentOf(options),
  });
  const run: CliRun = { status: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (run.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (run.stderr += text));
  const closed = once(child, 'close');
  if (options.interruptWhen !== undefined) {
    await Promise.race([options.interruptWhen(), closed]);
    child.kill('SIGINT');
  }
  const [status] = (await closed) as [number | null];
  return { ...run, status };
}

function environmentOf({ env }: CliOptions): Record<string, string | undefined> {
  return {
    PATH: process.env['PATH'],
    SCENARIOS_DIR: path.join(ROOT, 'scenarios'),
    OBJECTIONS_DIR: path.join(ROOT, 'objections'),
    AUDIO_DIR: path.join(ROOT, 'audio'),
    FREESWITCH_SOUNDS_DIR: path.join(ROOT, 'audio'),
    OPPOSITION_KEY: TEST_OPPOSITION_KEY,
    ...env,
  };
}

let inFolderNow: { folder: string; count: number; home: string } | null = null;

/** The working folder belongs to the process: commands that run side by side must be started in the same. */
async function inFolder<T>(folder: string, run: () => Promise<T>): Promise<T> {
  inFolderNow ??= { folder, count: 0, home: process.cwd() };
  if (inFolderNow.folder !== folder) throw new Error('commands side by side are started in two folders');
  inFolderNow.count += 1;
  process.chdir(folder);
  try {
    return await run();
  } finally {
    inFolderNow.count -= 1;
    if (inFolderNow.count === 0) {
      process.chdir(inFolderNow.home);
      inFolderNow = null;
    }
  }
}
