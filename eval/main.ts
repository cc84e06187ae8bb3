import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Argument, Command } from 'commander';
import { MinibotError } from '../src/errors.ts';
import { amd } from './amd.ts';
import { scoreRows, type Evaluation } from './evaluation.ts';
import { intents } from './intents.ts';
import { objections } from './objections.ts';
import { jsonReportOf, printReport } from './report.ts';
import { readTsvFile, tsvFileAt } from './tsv.ts';
import { evaluateTurns, TURNS_DESCRIPTION, type TurnsOptions } from './turns.ts';

const EVALUATIONS: readonly Evaluation[] = [intents, objections, amd];
const ROOT = path.join(import.meta.dirname, '..');

const TURNS = 'turns';
const DESCRIPTIONS = new Map([
  ...EVALUATIONS.map(({ name, description }): [string, string] => [name, description]),
  [TURNS, TURNS_DESCRIPTION],
]);

await new Command('eval')
  .description('Scores what MiniBotPanel understands on labelled data.')
  .addArgument(
    new Argument(
      '<name>',
      [...DESCRIPTIONS].map(([name, description]) => `${name}: ${description}`).join('; '),
    ).choices([...DESCRIPTIONS.keys()]),
  )
  .option(
    '--file <tsv>',
    'labelled data of your own (or the folder it is in) instead of the part of test/corpus that is only scored',
  )
  .option('--part <part>', 'turns: dev or scored (default)')
  .option('--json [file]', 'every row with what was made of it, to a file or to the output')
  .action(async (name: string, options: TurnsOptions) => {
    process.exitCode = await run(name, options);
  })
  .parseAsync();

/** 0 when it was scored, whether or not the bars are met; 1 when it could not be. */
async function run(name: string, options: TurnsOptions): Promise<number> {
  try {
    const evaluation = EVALUATIONS.find((known) => known.name === name);
    if (evaluation !== undefined) await evaluate(evaluation, options);
    else await evaluateTurns(ROOT, options);
    return 0;
  } catch (error) {
    if (!(error instanceof MinibotError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
}

async function evaluate(evaluation: Evaluation, { file: given, json }: TurnsOptions): Promise<void> {
  const found = given === undefined ? null : await tsvFileAt(given);
  const file = found ?? path.join(ROOT, evaluation.defaultFile);
  const shown = found ?? evaluation.defaultFile;
  const rows = await readTsvFile(file, evaluation.columns);
  const subject = await evaluation.prepare({ root: ROOT, file: shown, rows });
  const report = jsonReportOf(evaluation.name, shown, scoreRows(rows, subject), subject);
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (json === true) {
    process.stdout.write(text);
    return;
  }
  process.stdout.write(printReport(report));
  if (json !== undefined) await writeFile(json, text);
}
