import type { Logger } from 'pino';
import type { CallJournal } from '../src/call-engine/ports.ts';
import type { Config } from '../src/config.ts';
import { scenarioShelfOptions } from '../src/workers/call-settings.ts';
import { ScenarioShelf, type ShelvedScenario } from '../src/workers/scenario-shelf.ts';

/** The scenario that is measured: two questions that can be interrupted; a yes to both hears four prompts. */
const SCENARIO = 'vente_or_investissement';

export function takeBenchScenario(config: Config, logger: Logger): Promise<ShelvedScenario> {
  const shelf = new ScenarioShelf(scenarioShelfOptions(config), logger);
  return shelf.take(SCENARIO);
}

/** Nothing is stored: the database has no part in these benches. */
export const SILENT_JOURNAL: CallJournal = {
  record: () => undefined,
  flush: () => Promise.resolve(),
};

/** Values for the prompts' texts. */
export const BENCH_CONTACT = {
  first_name: 'Camille',
  last_name: 'Moreau',
  company: null,
  email: null,
  phone: null,
};
