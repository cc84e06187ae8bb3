import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { OperatorError } from '../src/errors.ts';
import { CAST } from './cast.ts';
import { LiveView } from './live-view.ts';
import { buildReport, printReport } from './report.ts';
import { runDemoCampaign } from './run-campaign.ts';

interface CliOptions {
  json?: string;
  keep: boolean;
}

const ROOT = path.join(import.meta.dirname, '..');
const DATA_DIR = path.join(ROOT, '.minibot', 'demo');

const options = new Command('demo')
  .description(
    'Runs a whole campaign on a simulated switch: real queue, real database, real speech recognition.',
  )
  .option('--json <file>', 'write the final table as JSON too')
  .option('--keep', 'leave the database and the logs for a look', false)
  .parse()
  .opts<CliOptions>();

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interrupted.abort(new OperatorError('interrupted', 'interrupted')));
}
process.exitCode = await main();

async function main(): Promise<number> {
  const view = new LiveView(process.stdout);
  try {
    const outcome = await runDemoCampaign({
      root: ROOT,
      dataDir: DATA_DIR,
      cast: CAST,
      onStage: (stage) => view.showStage(stage),
      onSnapshot: (snapshot) => view.showSnapshot(snapshot),
      signal: interrupted.signal,
    });
    view.close();
    const report = buildReport(outcome, CAST);
    printReport(report, process.stdout);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    if (options.keep) explainWhereItIs();
    else await rm(DATA_DIR, { recursive: true, force: true });
    return report.asExpected ? 0 : 1;
  } catch (error) {
    view.close();
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.stderr.write(`The logs are in ${path.join(DATA_DIR, 'logs')}.\n`);
    return interrupted.signal.aborted ? 130 : 1;
  }
}

function explainWhereItIs(): void {
  process.stdout.write(
    `\nThe demo's database and logs are in ${DATA_DIR}. To look at the results:\n` +
      `  MINIBOT_DATA_DIR=${DATA_DIR} MINIBOT_INSTANCE=demo npm run minibot -- campaign show 1\n`,
  );
}
