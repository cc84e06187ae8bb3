import { loadScenario } from '../../call-engine/scenario/load.ts';
import { loadObjectionThemes } from '../../call-engine/objections/load.ts';
import { loadConfig } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import { draftVoice, type DraftResult, type DraftStatus } from '../../voices/draft-voice.ts';
import { answersOf, promptsOf } from '../../voices/needed-recordings.ts';
import { findSynthesiser } from '../../voices/synthesiser.ts';
import { VOICE_NAME } from '../../voices/voice-folder.ts';
import type { CommandContext } from '../command-context.ts';
import { formatNumber } from '../format.ts';
import { resolvePath } from '../input-file.ts';
import { ProgressBar } from '../progress.ts';
import { scenarioDefaults } from '../scenario-files.ts';

export interface DraftVoiceOptions {
  scenario: string;
  /** In place of the scenario's own. */
  theme?: string;
  /** A model file of Piper's: it speaks in place of espeak-ng. */
  piperModel?: string;
  dryRun: boolean;
}

/** Has a machine speak what a scenario plays and nobody recorded, for rehearsals. */
export async function runDraftVoice(
  context: CommandContext,
  voice: string,
  options: DraftVoiceOptions,
): Promise<undefined> {
  const { messages, terminal, signal, environment } = context;
  const texts = messages.audio.drafts;
  const config = loadConfig(environment);
  if (!VOICE_NAME.test(voice)) throw new OperatorError('voice_name', messages.audio.voiceName(voice));
  const scenario = await loadScenario(config.scenarios.dir, options.scenario, scenarioDefaults(config));
  const theme = options.theme ?? scenario.theme;
  const themes = await loadObjectionThemes({ directory: config.objections.dir, theme });
  const recordings = [...promptsOf(scenario), ...answersOf(scenario, themes)].filter(({ audioPath }) =>
    audioPath.startsWith(`${voice}/`),
  );
  if (recordings.length === 0) {
    throw new OperatorError('voice_other', texts.otherVoice(scenario.id, scenario.voice, voice));
  }
  const piperModel = options.piperModel === undefined ? null : resolvePath(options.piperModel, environment);
  const synthesiser = await findSynthesiser(environment['PATH'] ?? '', piperModel);
  if (synthesiser === null) {
    throw new OperatorError('synthesiser_missing', piperModel === null ? texts.noEspeak : texts.noPiper);
  }
  const progress = new ProgressBar(terminal.stderr, texts.progress, () => performance.now());
  let results: DraftResult[];
  try {
    results = await draftVoice({
      ...{ synthesiser, recordings, signal },
      sourceDir: config.audio.sourceDir,
      soundsDir: config.freeswitch.soundsDir,
      dryRun: options.dryRun,
      onProgress: (done, total) => {
        progress.update(done, total);
      },
    });
  } finally {
    progress.clear();
  }
  if (context.json) {
    terminal.printJson({
      voice,
      scenario: scenario.id,
      theme,
      synthesiser: synthesiser.name,
      files: results,
    });
    return undefined;
  }
  const count = (wanted: DraftStatus): string =>
    formatNumber(results.filter(({ status }) => status === wanted).length, messages);
  for (const { audioPath, status } of results) {
    if (status === 'drafted') terminal.printLine(`📝 ${audioPath}`);
    if (status === 'no-text') terminal.printWarning(messages.warningLabel, texts.noText(audioPath));
  }
  terminal.printLine(texts.summary(count('drafted'), count('recorded'), synthesiser.name));
  if (options.dryRun) terminal.print(messages.audio.setup.wouldCopy);
  else terminal.printNote(texts.next(voice));
  return undefined;
}
