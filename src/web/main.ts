import { runWeb } from './run-web.ts';

process.exitCode = await runWeb();
