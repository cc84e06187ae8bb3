import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { OperatorError } from '../src/errors.ts';
import { printReport } from './report.ts';
import { runChaos, type ChaosProgress } from './run-chaos.ts';

interface CliOptions {
  calls: number;
  seed: number;
  workers: number;
  concurrent: number;
  json?: string;
  keep: boolean;
}

/** One more than a person who is not reached the first time needs, so that there is something to exceed. */
const MAX_ATTEMPTS = 3;
const ROOT = path.join(import.meta.dirname, '..');

const options = new Command('chaos')
  .description(
    'Runs a campaign through a simulated switch while workers are killed, Redis, Postgres and the switch restart and ' +
      'connections break; then checks from the switch’s own record that every promise was kept.',
  )
  .option('--calls <n>', 'contacts of the campaign', atLeastOne, 200)
  .option('--seed <n>', 'the same seed gives the same people and the same faults', wholeNumber, 1)
  .option('--workers <n>', 'worker processes at a time', atLeastOne, 3)
  .option('--concurrent <n>', 'MAX_CONCURRENT_CALLS of the campaign', atLeastOne, 30)
  .option('--json <file>', 'write the report as JSON too')
  .option('--keep', 'leave the logs, the record and the database for a look', false)
  .parse()
  .opts<CliOptions>();

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort(new OperatorError('interrupted', 'interrupted')));
process.once('SIGTERM', () => interrupted.abort(new OperatorError('interrupted', 'interrupted')));
process.exitCode = await main();

async function main(): Promise<number> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'minibot-chaos-'));
  let isWorthALook = true;
  try {
    const report = await runChaos({
      root: ROOT,
      dataDir,
      calls: options.calls,
      seed: options.seed,
      workers: options.workers,
      maxConcurrentCalls: options.concurrent,
      maxAttempts: MAX_ATTEMPTS,
      onProgress: createProgressLine(),
      signal: interrupted.signal,
    });
    endProgressLine();
    printReport(report, process.stdout);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    isWorthALook = !report.isClean;
    return report.isClean ? 0 : 1;
  } catch (error) {
    endProgressLine();
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return interrupted.signal.aborted ? 130 : 1;
  } finally {
    if (isWorthALook || options.keep)
      process.stderr.write(`Logs and the switch's record are in ${dataDir}\n`);
    else await rm(dataDir, { recursive: true, force: true });
  }
}

/** One line that is written over on a terminal, and one line per ten seconds elsewhere. */
function createProgressLine(): (progress: ChaosProgress) => void {
  const { stdout } = process;
  const everyMs = stdout.isTTY ? 0 : 10_000;
  let shownAtMs = Number.NEGATIVE_INFINITY;
  return (progress) => {
    if (performance.now() - shownAtMs < everyMs) return;
    shownAtMs = performance.now();
    const { done, people, originates, faultsInjected, faultsPlanned, lastFault } = progress;
    const last = lastFault === null ? '' : ` (${lastFault})`;
    const line = `${done} of ${people} contacts done, ${originates} originates, ${faultsInjected} of ${faultsPlanned} faults${last}`;
    stdout.write(stdout.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  };
}

function endProgressLine(): void {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('must be a whole number, 0 or more');
  return value;
}

function atLeastOne(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('must be a whole number from 1');
  return value;
}
