import { runMinibot } from './minibot.ts';
import { isClosedByReader } from './output-stream.ts';
import { EXIT } from './run-command.ts';

/** Time to write out what is written; then a disk or name server that does not answer keeps this process no longer. */
const LEAVE_AFTER_MS = 1000;

leaveQuietlyWhenNobodyReads();
process.exitCode = await runMinibot({
  args: process.argv.slice(2),
  directory: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  leftBehind: (exitStatus) => {
    setTimeout(() => process.exit(exitStatus), LEAVE_AFTER_MS).unref();
  },
});

/** `minibot campaign list | head -1` closes our output before we are done with it; so does a terminal window. */
function leaveQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: Error) => {
    if (!isClosedByReader(error)) throw error;
    // A command that must end in order listens too (`Terminal.whenReaderGone`).
    if (process.stdout.listenerCount('error') === 1) process.exit(EXIT.ok);
  });
  process.stderr.on('error', (error: Error) => {
    if (!isClosedByReader(error)) throw error;
  });
}
