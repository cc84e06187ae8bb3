import path from 'node:path';
import { listObjectionThemes, loadObjectionTheme } from '../../call-engine/objections/load.ts';
import { listScenarioIds, readScenario } from '../../call-engine/scenario/load.ts';
import type { Config } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import { graphOf } from '../../scenario-graph/graph.ts';
import { toText } from '../../scenario-graph/text.ts';
import { makeScenario, type Made } from '../../scenario-plan/make-scenario.ts';
import { promptsOf } from '../../voices/needed-recordings.ts';
import { listSources, listVoices } from '../../voices/voice-folder.ts';
import type { CommandContext } from '../command-context.ts';
import { formatNumber } from '../format.ts';
import { sourceRecordings } from '../../voices/recordings-folder.ts';
import { scenarioDefaults } from '../scenario-files.ts';
import type { Transcriber } from './transcriber.ts';
import type { Draft, World } from './wizard.ts';

const BASE = 'base/';
/** What the note's frame takes of a line. */
const FRAME_COLUMNS = 8;
const DEFAULT_COLUMNS = 80;

/** Voices, themes and scenarios as they are on this machine. */
export async function openWorld(
  context: CommandContext,
  config: Config,
  { transcriber, mayReplace }: { transcriber: Transcriber; mayReplace: boolean },
): Promise<World> {
  const { sourceDir } = config.audio;
  const ids = await listScenarioIds(config.scenarios.dir);
  const known = await knownWords(config);
  const recordings = sourceRecordings(config);
  const recordingsOf = async (voice: string): Promise<string[]> => {
    const sources = await listSources(sourceDir, voice).catch(noneWhereMissing);
    const files = sources.filter(({ name }) => name.startsWith(BASE));
    return [...new Set(files.map(({ audioPath }) => path.posix.basename(audioPath)))];
  };
  return {
    voices: await Promise.all(
      (await listVoices(sourceDir)).map(async (name) => ({
        name,
        recordings: (await listSources(sourceDir, name)).length,
      })),
    ),
    themes: await readThemes(config),
    recordingsOf,
    wordsOf: async (voice, file) => {
      const audioPath = `${voice}/${BASE}${file}`;
      const said = known.get(audioPath);
      if (said !== undefined) return { text: said.text, from: { scenario: said.scenario } };
      const source = recordings?.find(audioPath) ?? null;
      const heard = source === null ? null : await transcriber.wordsOf(source);
      return heard === null ? null : { text: heard.text, from: { confidence: heard.confidence } };
    },
    isTaken: (id) => !mayReplace && ids.includes(id),
    listenTimeoutMs: config.timeouts.listenMs,
    gracePeriodMs: config.bargeIn.gracePeriodMs,
    make: (draft) => made(config, draft),
    summaryOf: (result) => summary(context, result),
  };
}

/** As `scenario validate` judges it on this machine, recordings aside. */
export function made(config: Config, { plan, id }: Pick<Draft, 'plan' | 'id'>): Made {
  return makeScenario(id, plan, {
    defaults: scenarioDefaults(config),
    checks: { disclosure: config.compliance.disclosureCheck },
  });
}

/** Name, voice and counts as in the guide, then the steps and where answers lead. */
export function summary(
  { messages, terminal }: CommandContext,
  { file, scenario }: Extract<Made, { ok: true }>,
): string {
  const texts = messages.createScenario;
  const number = (value: number): string => formatNumber(value, messages);
  const steps = [...scenario.steps.values()];
  const questions = steps.filter(
    (step) => step.type === 'audio' && step.timeoutMs > 0 && !step.id.startsWith('retry_'),
  );
  const facts: [string, string][] = [
    [texts.summaryOf.name, file.name],
    [texts.summaryOf.voice, file.voice],
    [
      texts.summaryOf.steps,
      texts.summaryOf.stepsOf(
        number(steps.length),
        number(questions.length),
        number(steps.length - questions.length),
      ),
    ],
    [
      texts.summaryOf.objections,
      file.max_autonomous_turns === 0
        ? texts.summaryOf.noObjections
        : `${file.theme} (≤ ${number(file.max_autonomous_turns)})`,
    ],
    [
      texts.summaryOf.bargeIn,
      steps.some((step) => step.type === 'audio' && step.bargeIn) ? texts.yes : texts.no,
    ],
  ];
  const width = Math.max(...facts.map(([label]) => label.length));
  const columns = (terminal.stdout.columns ?? 0) || DEFAULT_COLUMNS;
  const graph = toText(graphOf(scenario), columns - FRAME_COLUMNS);
  return [...facts.map(([label, value]) => `${label.padEnd(width)}  ${value}`), '', graph].join('\n');
}

async function readThemes({ objections }: Config): Promise<World['themes']> {
  const names = await listObjectionThemes(objections.dir);
  return Promise.all(
    names.map(async (name) => {
      const theme = await loadObjectionTheme(objections.dir, name);
      return { name, title: theme.title, objections: theme.objections.length };
    }),
  );
}

/** What other scenarios say that a recording says. */
export async function knownWords(config: Config): Promise<Map<string, { text: string; scenario: string }>> {
  const known = new Map<string, { text: string; scenario: string }>();
  for (const id of await listScenarioIds(config.scenarios.dir)) {
    const scenario = await readScenario(config.scenarios.dir, id, scenarioDefaults(config)).catch(
      nullIfBroken,
    );
    for (const { audioPath, text } of scenario === null ? [] : promptsOf(scenario)) {
      if (text !== '' && !known.has(audioPath)) known.set(audioPath, { text, scenario: id });
    }
  }
  return known;
}

function nullIfBroken(error: unknown): null {
  if (error instanceof OperatorError) return null;
  throw error;
}

function noneWhereMissing(error: unknown): [] {
  if (error instanceof OperatorError) return [];
  throw error;
}
