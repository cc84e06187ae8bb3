import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { closeTestServer } from './test-server.ts';
import type { TestServerRequest } from './test-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServerRequest;
  }
}

/**
 * Names this run's Postgres; the first test that needs it starts it (`database.ts`), so that unit tests do not wait
 * for one. Whatever was started or created is gone after the run.
 */
export default function setup(project: TestProject): () => Promise<void> {
  const url = process.env['TEST_DATABASE_URL'] ?? process.env['DATABASE_URL'] ?? null;
  const folder = join(tmpdir(), `minibot-test-${randomUUID()}`);
  const request: TestServerRequest = {
    url: url === '' ? null : url,
    dataDir: join(folder, 'postgres'),
    runId: `minibot_test_${process.pid}`,
  };
  project.provide('testServer', request);
  return async () => {
    await closeTestServer(request);
    await rm(folder, { recursive: true, force: true });
  };
}
