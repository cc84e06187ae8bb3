import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { loadObjectionThemes, STANDARD_THEME } from '../call-engine/objections/load.ts';
import { createObjectionMatcher, type ObjectionMatcher } from '../call-engine/objections/match.ts';
import { ROBOT_QUESTION } from '../call-engine/scenario/machine.ts';
import { loadScenario } from '../call-engine/scenario/load.ts';
import type { Scenario, ScenarioDefaults } from '../call-engine/scenario/schema.ts';
import { checkRecordings } from '../campaigns/recordings.ts';

export interface ScenarioShelfOptions {
  scenariosDir: string;
  objectionsDir: string;
  /** As the switch sees it; looked at where it is on this machine. */
  soundsDir: string;
  defaults: ScenarioDefaults;
  minScore: number;
  /** False answers no objection by a recording (`OBJECTION_USE_PRERECORDED`). */
  answersObjections: boolean;
}

/** A scenario ready to be walked. */
export interface ShelvedScenario {
  scenario: Scenario;
  matchObjection: ObjectionMatcher;
}

interface Entry extends ShelvedScenario {
  files: string[];
  version: string;
}

/** The scenarios in use with their objections, read again when one of their files has changed. */
export class ScenarioShelf {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly options: ScenarioShelfOptions,
    private readonly logger: Logger,
  ) {}

  /**
   * Rejects with an `OperatorError` that names file, step and field when the scenario, its objections or its recordings
   * cannot be used.
   */
  async take(id: string): Promise<ShelvedScenario> {
    const shelved = this.entries.get(id);
    if (shelved !== undefined && (await isCurrent(shelved))) return shelved;
    const entry = await this.read(id);
    this.entries.set(id, entry);
    return entry;
  }

  private async read(id: string): Promise<Entry> {
    const { scenariosDir, objectionsDir, soundsDir, defaults, minScore, answersObjections } = this.options;
    const scenario = await loadScenario(scenariosDir, id, defaults);
    const files = [
      path.join(scenariosDir, `${id}.json`),
      ...[scenario.theme, STANDARD_THEME].map((theme) => path.join(objectionsDir, `${theme}.json`)),
    ];
    // Taken before reading: a change in between is read again next time rather than missed.
    const version = await versionOf(files);
    const themes = await loadObjectionThemes({ directory: objectionsDir, theme: scenario.theme });
    const unrecorded = await checkRecordings({ soundsDir, scenario, themes });
    if (unrecorded.size > 0) {
      this.logger.warn(
        { scenario: id, files: [...new Set(unrecorded.values())] },
        'objections without a recording are not answered',
      );
    }
    const match = await createObjectionMatcher({
      themes,
      unanswered: new Set(unrecorded.keys()),
      voice: scenario.voice,
      minScore,
    });
    const matchObjection = answersObjections ? match : onlyRobotQuestion(match);
    return { scenario, matchObjection, files, version };
  }
}

/** "Are you a robot?" is answered truthfully whatever the configuration. */
function onlyRobotQuestion(match: ObjectionMatcher): ObjectionMatcher {
  return (text) => {
    const found = match(text);
    return found?.objectionId === ROBOT_QUESTION ? found : null;
  };
}

async function isCurrent({ files, version }: Entry): Promise<boolean> {
  return (await versionOf(files)) === version;
}

async function versionOf(files: string[]): Promise<string> {
  const stats = await Promise.all(files.map((file) => stat(file)));
  return stats.map(({ mtimeMs, size }) => `${mtimeMs}:${size}`).join('|');
}
