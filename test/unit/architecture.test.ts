import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');

/** Files of `src` that hold this, by their path from the root. */
function filesWith(text: string): string[] {
  return readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join('src', file))
    .filter((file) => readFileSync(path.join(ROOT, file), 'utf8').includes(text))
    .sort();
}

/** With the rule `calls-are-made-by-the-worker-only` of check:layers: nothing dials but what the gate has cleared. */
it.each([
  [
    'originate is called by the session alone, the meter of load tests passes its orders on',
    'telephony.originate(',
    ['src/call-engine/call-session.ts', 'src/load-test/call-meter.ts'],
  ],
  ['sessions are made by the worker alone', 'new CallSession(', ['src/workers/open-engine.ts']],
  ['a session dials the number of a clearance', 'number: clearance.phone', ['src/workers/open-engine.ts']],
  ['clearances are made by the gate alone', 'new Clearance(', ['src/compliance/gate.ts']],
  [
    'an attempt is written down with a clearance alone',
    'reserveAttempt(',
    ['src/db/calls.ts', 'src/workers/reserve-if-cleared.ts'],
  ],
])('%s', (_rule, text, files) => {
  expect(filesWith(text)).toEqual(files);
});
