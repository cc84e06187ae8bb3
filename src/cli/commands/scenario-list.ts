import { listScenarioIds, loadScenario } from '../../call-engine/scenario/load.ts';
import type { Scenario } from '../../call-engine/scenario/schema.ts';
import { loadConfig } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import type { CommandContext } from '../command-context.ts';

interface ListedScenario {
  id: string;
  /** Null: it cannot be used. */
  scenario: Scenario | null;
}

/** The scenarios of SCENARIOS_DIR, those that are broken too. */
export async function runScenarioList(context: CommandContext): Promise<undefined> {
  const { messages, terminal } = context;
  const { scenario: texts } = messages;
  const { scenarios, audio, timeouts, compliance } = loadConfig(context.environment);
  const checks = { disclosure: compliance.disclosureCheck };
  const defaults = { voice: audio.defaultVoice, listenTimeoutMs: timeouts.listenMs };
  const ids = await listScenarioIds(scenarios.dir);
  const listed: ListedScenario[] = await Promise.all(
    ids.map(async (id) => ({
      id,
      scenario: await loadScenario(scenarios.dir, id, defaults, checks).catch(nullIfBroken),
    })),
  );
  if (context.json) {
    terminal.printJson(
      listed.map(({ id, scenario }) => ({ id, usable: scenario !== null, ...summary(scenario) })),
    );
  } else if (listed.length === 0) {
    terminal.printLine(texts.none(scenarios.dir));
  } else {
    terminal.printTable(
      [texts.id, texts.name, texts.voice, texts.theme, texts.steps, texts.state],
      listed.map(({ id, scenario }) => [
        id,
        scenario?.name ?? messages.none,
        scenario?.voice ?? messages.none,
        scenario?.theme ?? messages.none,
        String(scenario?.steps.size ?? messages.none),
        scenario === null ? { text: texts.broken, paint: terminal.colors.red } : texts.usable,
      ]),
    );
  }
  return undefined;
}

function summary(scenario: Scenario | null) {
  if (scenario === null) return {};
  const { name, description, voice, theme, steps } = scenario;
  return { name, description, voice, theme, steps: [...steps.keys()] };
}

function nullIfBroken(error: unknown): null {
  if (error instanceof OperatorError) return null;
  throw error;
}
