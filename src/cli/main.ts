import { runMinibot } from './minibot.ts';
import { EXIT } from './run-command.ts';

leaveQuietlyWhenNobodyReads();
process.exitCode = await runMinibot({
  args: process.argv.slice(2),
  directory: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});

/** `minibot campaign list | head -1` closes our output before we are done with it. */
function leaveQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: Error) => {
    if ('code' in error && error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
}
