import { existsSync } from 'node:fs';
import path from 'node:path';
import { listScenarioIds, readScenario } from '../../call-engine/scenario/load.ts';
import { loadConfig, type Config } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import { findFfmpeg } from '../../voices/ffmpeg.ts';
import { RMS_DBFS, type SoundWarning } from '../../voices/prepare-recording.ts';
import { setUpVoice, type SetupResult } from '../../voices/setup-voice.ts';
import { VOICE_NAME } from '../../voices/voice-folder.ts';
import type { CommandContext } from '../command-context.ts';
import { formatDecimal, formatDuration, formatNumber } from '../format.ts';
import { ProgressBar } from '../progress.ts';
import { EXIT } from '../run-command.ts';
import { neededRecordings, scenarioDefaults } from '../scenario-files.ts';
import { visible } from '../visible.ts';

export interface SetupAudioOptions {
  /** dB; absent options leave it to the configuration. */
  volumeAdjust?: number;
  backgroundReduction?: number;
  dryRun: boolean;
}

/** What a scenario that speaks with this voice still lacks. */
interface Completeness {
  scenario: string;
  /** Null: the scenario cannot be read. */
  needed: number | null;
  missing: string[];
}

const RULE = '═'.repeat(36);
const MAX_NAMED = 5;

/** Prepares a voice. Exit status 1 when one of its recordings could not be used. */
export async function runSetupAudio(
  context: CommandContext,
  voice: string,
  options: SetupAudioOptions,
): Promise<number> {
  const { messages, terminal, signal } = context;
  const texts = messages.audio.setup;
  const config = loadConfig(context.environment);
  if (!VOICE_NAME.test(voice)) throw new OperatorError('voice_name', messages.audio.voiceName(voice));
  const { sourceDir } = config.audio;
  const { soundsDir } = config.freeswitch;
  const settings = {
    volumeAdjustDb: options.volumeAdjust ?? config.audio.volumeAdjustDb,
    backgroundReductionDb: options.backgroundReduction ?? config.audio.backgroundReductionDb,
  };
  const ffmpeg = await findFfmpeg(context.environment['PATH'] ?? '');
  const progress = new ProgressBar(terminal.stderr, texts.progress, () => performance.now());
  let results: SetupResult[];
  try {
    results = await setUpVoice({
      ...{ ffmpeg, voice, sourceDir, soundsDir, settings, signal },
      dryRun: options.dryRun,
      onProgress: (done, total) => {
        progress.update(done, total);
      },
    });
  } finally {
    progress.clear();
  }
  if (results.length === 0) {
    throw new OperatorError('voice_empty', texts.nothing(path.join(sourceDir, voice)));
  }
  const completeness = await checkCompleteness(config, voice, results);
  const isWhole = results.every(({ status }) => status !== 'failed');
  if (context.json) {
    terminal.printJson({ voice, dryRun: options.dryRun, settings, files: results, scenarios: completeness });
    return isWhole ? EXIT.ok : EXIT.failed;
  }
  terminal.print(texts.title);
  terminal.print(RULE);
  terminal.printLine(texts.voice(voice));
  terminal.printLine(texts.source(path.join(sourceDir, voice)));
  terminal.printLine(texts.target(path.join(soundsDir, voice)));
  const { volumeAdjustDb, backgroundReductionDb } = settings;
  terminal.printLine(
    texts.settings(
      formatDecimal(RMS_DBFS + volumeAdjustDb, messages),
      `${volumeAdjustDb < 0 ? '−' : '+'} ${formatDecimal(Math.abs(volumeAdjustDb), messages)}`,
      formatDecimal(backgroundReductionDb, messages),
    ),
  );
  terminal.print(RULE);
  printResults(context, results);
  printSummary(context, results, options.dryRun);
  printCompleteness(context, voice, completeness);
  return isWhole ? EXIT.ok : EXIT.failed;
}

function printResults(context: CommandContext, results: readonly SetupResult[]): void {
  const { messages, terminal } = context;
  const texts = messages.audio.setup;
  const folders = new Set(results.map(({ name }) => path.posix.dirname(name)));
  for (const folder of folders) {
    terminal.print();
    terminal.printLine(texts.group(folder));
    for (const result of results.filter(({ name }) => path.posix.dirname(name) === folder)) {
      printResult(context, result);
    }
  }
}

function printResult({ messages, terminal, verbose }: CommandContext, result: SetupResult): void {
  const texts = messages.audio.setup;
  const { colors } = terminal;
  const name = visible(path.posix.basename(result.name));
  if (result.status === 'failed') {
    const reason = result.problem === null ? result.message : texts.problems[result.problem];
    terminal.print(`  ${colors.red(`❌ ${texts.failed(name, visible(reason))}`)}`);
    if (verbose && result.message !== reason) terminal.print(`     ${colors.dim(visible(result.message))}`);
    return;
  }
  const number = (value: number): string => formatDecimal(value, messages);
  const { before, after, warnings, status, isDraft } = result;
  const remarks = [
    ...(status === 'unchanged' ? [texts.unchanged] : []),
    ...(isDraft ? [texts.draft] : []),
  ].join(', ');
  const line = texts.line(
    name,
    number(after.durationMs / 1000),
    number(after.peakDbfs),
    number(after.rmsDbfs),
  );
  terminal.print(`  ✅ ${line}${remarks === '' ? '' : colors.dim(` (${remarks})`)}`);
  if (verbose && before !== null) {
    const said = texts.before(number(before.peakDbfs), number(before.rmsDbfs), number(before.floorDbfs));
    terminal.print(`     ${colors.dim(said)}`);
  }
  for (const warning of warnings) {
    terminal.print(`     ${colors.yellow(`⚠ ${describeWarning(warning, messages)}`)}`);
  }
}

function describeWarning(warning: SoundWarning, messages: CommandContext['messages']): string {
  const texts = messages.audio.setup;
  const seconds = (ms: number): string => formatDecimal(ms / 1000, messages);
  switch (warning.type) {
    case 'clipped':
      return texts.clipped(formatNumber(warning.places, messages));
    case 'long':
    case 'short':
      return texts[warning.type](seconds(warning.durationMs));
    case 'silence-before':
      return texts.silenceBefore(seconds(warning.silenceMs));
    case 'silence-after':
      return texts.silenceAfter(seconds(warning.silenceMs));
    case 'level-missed':
      return texts.levelMissed(formatDecimal(warning.wantedDbfs, messages));
  }
}

function printSummary(
  { messages, terminal }: CommandContext,
  results: readonly SetupResult[],
  dryRun: boolean,
): void {
  const texts = messages.audio.setup;
  const done = results.flatMap((result) => (result.status === 'failed' ? [] : [result]));
  const failed = results.length - done.length;
  const unchanged = done.filter(({ status }) => status === 'unchanged').length;
  const drafts = done.filter(({ isDraft }) => isDraft).length;
  const number = (value: number): string => formatNumber(value, messages);
  terminal.print();
  if (failed > 0) terminal.print(terminal.colors.red(`❌ ${texts.failedCount(number(failed))}`));
  terminal.print(`✅ ${texts.processed(number(done.length))}`);
  if (unchanged > 0) terminal.print(`   ${texts.unchangedCount(number(unchanged))}`);
  if (drafts > 0) terminal.print(`   ${texts.drafts(number(drafts))}`);
  const totalMs = done.reduce((sum, { after }) => sum + after.durationMs, 0);
  terminal.print(`📊 ${texts.total(formatDuration(totalMs, messages))}`);
  if (dryRun) terminal.print(texts.wouldCopy);
  else if (failed === 0) terminal.print(texts.copied);
}

function printCompleteness(
  { messages, terminal }: CommandContext,
  voice: string,
  completeness: readonly Completeness[],
): void {
  const texts = messages.audio.setup;
  for (const { scenario, needed, missing } of completeness) {
    if (needed === null) terminal.printWarning(messages.warningLabel, texts.unread(scenario));
    else if (missing.length === 0) terminal.printLine(`✅ ${texts.complete(scenario)}`);
    else {
      const named = missing.slice(0, MAX_NAMED);
      const more = missing.length - named.length;
      const names = [...named, ...(more > 0 ? [texts.more(formatNumber(more, messages))] : [])].join(', ');
      const counts = [missing.length, needed].map((count) => formatNumber(count, messages));
      const [absent = '', all = ''] = counts;
      terminal.printWarning(messages.warningLabel, texts.incomplete(scenario, absent, all, names));
    }
  }
  const first = completeness.find(({ missing }) => missing.length > 0);
  if (first !== undefined) terminal.printNote(texts.draftHint(voice, first.scenario));
}

/** Every scenario that speaks with this voice: what it and its themes play, and what of it the switch would not find. */
async function checkCompleteness(
  config: Config,
  voice: string,
  results: readonly SetupResult[],
): Promise<Completeness[]> {
  const ready = new Set(results.flatMap((one) => (one.status === 'failed' ? [] : [one.audioPath])));
  const isThere = (audioPath: string): boolean =>
    ready.has(audioPath) || existsSync(path.join(config.freeswitch.soundsDir, audioPath));
  const checked: Completeness[] = [];
  for (const id of await listScenarioIds(config.scenarios.dir)) {
    const needed = await neededBy(config, voice, id);
    if (needed === undefined) checked.push({ scenario: id, needed: null, missing: [] });
    else if (needed.length > 0) {
      const missing = needed.filter((audioPath) => !isThere(audioPath));
      checked.push({ scenario: id, needed: needed.length, missing });
    }
  }
  return checked;
}

/** Undefined for a scenario that cannot be read. */
async function neededBy(config: Config, voice: string, id: string): Promise<string[] | undefined> {
  try {
    const scenario = await readScenario(config.scenarios.dir, id, scenarioDefaults(config));
    const needed = await neededRecordings(config, scenario);
    return needed.filter((audioPath) => audioPath.startsWith(`${voice}/`));
  } catch (error) {
    if (error instanceof OperatorError) return undefined;
    throw error;
  }
}
