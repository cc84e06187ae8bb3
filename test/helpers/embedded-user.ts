import pino from 'pino';
import { openEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';

/**
 * A process that uses the embedded server of the folder it is given: prints its connection string once it has
 * joined, and gives its share up when its standard input ends.
 */
const [, , dataDir] = process.argv;
if (dataDir === undefined) throw new Error('usage: embedded-user <folder>');
const server = await openEmbeddedPostgres({ dataDir, durable: false }, pino({ level: 'silent' }));
process.stdout.write(`${server.url}\n`);
process.stdin.resume();
process.stdin.once('end', () => void server.close().then(() => process.exit(0)));
