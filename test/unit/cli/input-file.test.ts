import path from 'node:path';
import { expect, it } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { resolvePath } from '../../../src/cli/input-file.ts';

it('takes paths from where a script of npm was started, and from here otherwise', () => {
  const startedIn = { INIT_CWD: '/home/operator' };
  for (const name of ['minibot', 'import-contacts', 'export-campaign'] as const) {
    const environment = { ...startedIn, npm_lifecycle_script: packageJson.scripts[name] };
    expect(resolvePath('calls.csv', environment)).toBe('/home/operator/calls.csv');
    expect(resolvePath('/tmp/calls.csv', environment)).toBe('/tmp/calls.csv');
  }
  const tests = { ...startedIn, npm_lifecycle_script: packageJson.scripts.test };
  expect(resolvePath('calls.csv', tests)).toBe(path.resolve('calls.csv'));
});
