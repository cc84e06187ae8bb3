import { loadScenario } from '../call-engine/scenario/load.ts';
import type { CampaignSpec } from '../campaigns/launch.ts';
import { reachesPeople } from '../campaigns/reaches-people.ts';
import type { CommandContext } from './command-context.ts';
import { formatNumber } from './format.ts';
import { draftsAmong, switchRecordings } from '../voices/recordings-folder.ts';
import type { DatabaseResources } from './resources.ts';
import { neededRecordings, scenarioDefaults } from './scenario-files.ts';

/** A machine's voice is for rehearsals: says so where the campaign would call anybody but numbers of fiction. */
export async function warnOfDrafts(
  { messages, terminal, signal }: CommandContext,
  { config, db }: DatabaseResources,
  spec: CampaignSpec,
): Promise<void> {
  const recordings = switchRecordings(config);
  if (recordings === null) return;
  const scenario = await loadScenario(config.scenarios.dir, spec.scenario, scenarioDefaults(config));
  const needed = await neededRecordings(config, scenario);
  const drafts = await draftsAmong(recordings, needed);
  const [example] = drafts;
  if (example === undefined || !(await reachesPeople(db, spec, { signal }))) return;
  const [count = '', total = ''] = [drafts, needed].map(({ length }) => formatNumber(length, messages));
  terminal.printWarning(messages.warningLabel, messages.audio.drafts.peopleWillHear(count, total, example));
}
