import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { TEST_OPPOSITION_KEY } from '../../helpers/campaign-fixture.ts';

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

/** Runs the real command line as a process, on no other settings than these. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliRun> {
  const child = spawn(process.execPath, ['--import', TSX, path.join(ROOT, 'src/cli/main.ts'), ...args], {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      SCENARIOS_DIR: path.join(ROOT, 'scenarios'),
      OBJECTIONS_DIR: path.join(ROOT, 'objections'),
      AUDIO_DIR: path.join(ROOT, 'audio'),
      FREESWITCH_SOUNDS_DIR: path.join(ROOT, 'audio'),
      OPPOSITION_KEY: TEST_OPPOSITION_KEY,
      ...options.env,
    },
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
