import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { readWav, wavDurationMs } from '../call-engine/audio/wav.ts';
import { loadObjectionThemes, STANDARD_THEME } from '../call-engine/objections/load.ts';
import { ObjectionLearner, type ObjectionMatcher } from '../call-engine/objections/match.ts';
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
  /** Whether a scenario may be used that does not say who calls (`DISCLOSURE_CHECK`). */
  disclosureCheck: 'strict' | 'warn';
}

/** A scenario ready to be walked. */
export interface ShelvedScenario {
  scenario: Scenario;
  matchObjection: ObjectionMatcher;
  /** Length of a recording that tells who calls; null where it is not known. */
  promptMs: (audioPath: string) => number | null;
}

interface Entry extends ShelvedScenario {
  files: string[];
  version: string;
}

/** The scenarios in use with their objections, read again when one of their files has changed. */
export class ScenarioShelf {
  private readonly entries = new Map<string, Entry>();
  private readonly learner = new ObjectionLearner();

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

  /** A scenario that is being read is given up. */
  close(): void {
    this.learner.close();
  }

  private async read(id: string): Promise<Entry> {
    const { scenariosDir, objectionsDir, soundsDir, defaults, minScore, answersObjections } = this.options;
    const scenario = await loadScenario(scenariosDir, id, defaults, {
      disclosure: this.options.disclosureCheck,
    });
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
    const match = await this.learner.matcher({
      themes,
      unanswered: new Set(unrecorded.keys()),
      voice: scenario.voice,
      minScore,
    });
    const matchObjection = answersObjections ? match : onlyRobotQuestion(match);
    const lengths = await lengthsOfDisclosures(soundsDir, scenario);
    const promptMs = (audioPath: string): number | null => lengths.get(audioPath) ?? null;
    return { scenario, matchObjection, promptMs, files, version };
  }
}

/** Of those on this machine that can be read; the switch may be another one. */
async function lengthsOfDisclosures(soundsDir: string, { steps }: Scenario): Promise<Map<string, number>> {
  const lengths = new Map<string, number>();
  for (const step of steps.values()) {
    if (step.type !== 'audio' || step.discloses.length === 0) continue;
    const ms = await wavLengthMs(path.join(soundsDir, step.audioPath));
    if (ms !== null) lengths.set(step.audioPath, ms);
  }
  return lengths;
}

async function wavLengthMs(file: string): Promise<number | null> {
  try {
    return wavDurationMs(readWav(await readFile(file)));
  } catch {
    // Not here, or a format that the switch plays and we do not read: its length is not known.
    return null;
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
