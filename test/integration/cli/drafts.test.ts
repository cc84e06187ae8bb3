import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runLaunchCampaign } from '../../../src/cli/commands/launch-campaign.ts';
import { runScenarioValidate } from '../../../src/cli/commands/scenario-validate.ts';
import type { Database } from '../../../src/db/client.ts';
import { upsertContacts } from '../../../src/db/contacts.ts';
import { withDraftMark } from '../../../src/voices/draft-mark.ts';
import { contactInput, fictionPhone, TEST_OPPOSITION_KEY } from '../../helpers/campaign-fixture.ts';
import { commandContext } from '../../helpers/command-context.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { asking, final } from '../../helpers/scenarios.ts';
import { toneWav } from '../../helpers/wav.ts';

/** Not one of fiction, and no line can have it. */
const SOMEBODY = '+33000000000';

let folder: string;
let database: Database;
let environment: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-drafts-'));
  database = await createTestDatabase();
  environment = {
    DATABASE_URL: database.url,
    SCENARIOS_DIR: path.join(folder, 'scenarios'),
    FREESWITCH_SOUNDS_DIR: path.join(folder, 'sounds'),
    OBJECTION_USE_PRERECORDED: 'false',
    DISCLOSURE_CHECK: 'warn',
    OPPOSITION_KEY: TEST_OPPOSITION_KEY,
  };
  await mkdir(path.join(folder, 'scenarios'));
  await mkdir(path.join(folder, 'sounds/demo/base'), { recursive: true });
  const steps = { hello: asking({ '*': 'bye' }), bye: final('success') };
  await writeFile(path.join(folder, 'scenarios/mine.json'), JSON.stringify({ name: 'Mine', steps }));
  for (const name of ['bye', 'opt_out', 'wrong_number', 'callback']) await record(name, toneWav(100));
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

function record(name: string, wav: Buffer): Promise<void> {
  return writeFile(path.join(folder, `sounds/demo/base/${name}.wav`), wav);
}

async function validate(): Promise<{ status: number; out: string }> {
  const { context, written } = commandContext(environment);
  return { status: await runScenarioValidate(context, ['mine']), out: written.out };
}

async function warningsAtLaunch(): Promise<string> {
  const { context, written } = commandContext(environment);
  await runLaunchCampaign(context, { scenario: 'mine', tags: [], record: false, dryRun: true });
  return written.err;
}

it('validate warns of what a machine speaks, until it is recorded', async () => {
  await record('ask', withDraftMark(toneWav(100)));
  const drafted = await validate();
  expect(drafted.status).toBe(0);
  expect(drafted.out).toContain(
    'warning  1 of 5 recordings are drafts spoken by a machine, e.g. demo/base/ask.wav: record them',
  );
  await record('ask', toneWav(100));
  expect((await validate()).out).not.toContain('drafts');
});

it('a launch warns of drafts where it would call people, not for numbers of fiction', async () => {
  await record('ask', withDraftMark(toneWav(100)));
  await upsertContacts(database.db, [contactInput(fictionPhone(0))]);
  expect(await warningsAtLaunch()).not.toContain('drafts');

  await upsertContacts(database.db, [contactInput(SOMEBODY)]);
  expect(await warningsAtLaunch()).toContain(
    "warning: people will hear a machine's voice: 1 of 5 recordings are drafts, e.g. demo/base/ask.wav",
  );
  await record('ask', toneWav(100));
  expect(await warningsAtLaunch()).not.toContain('drafts');
});
