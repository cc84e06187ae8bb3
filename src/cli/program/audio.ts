import type { Command } from 'commander';
import type { DraftVoiceOptions } from '../commands/draft-voice.ts';
import type { SetupAudioOptions } from '../commands/setup-audio.ts';
import type { Shell } from '../command-context.ts';
import { optionValues } from '../option-values.ts';
import { SCENARIO_OPTION, withCommonOptions, withJson, type Run, type With } from './declare.ts';

export function declareAudioCommands(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages.audio;
  const values = optionValues(shell.messages);
  withJson(program.command('setup-audio').description(help.setupAudio), shell)
    .argument('<voice>', help.voice)
    .option('--volume-adjust <dB>', help.volumeAdjust, values.decibels(-30, 30))
    .option('--background-reduction <dB>', help.backgroundReduction, values.decibels(-60, 0))
    .option('--dry-run', help.dryRun, false)
    .option('--verbose', help.verbose)
    .action(async (voice: string, options: With<SetupAudioOptions>) => {
      const { runSetupAudio } = await import('../commands/setup-audio.ts');
      await run(options, (context) => runSetupAudio(context, voice, options));
    });
  withCommonOptions(program.command('draft-voice').description(help.draftVoice), shell)
    .argument('<voice>', help.voice)
    .requiredOption(SCENARIO_OPTION, help.draftScenario)
    .option('--theme <name>', help.draftTheme)
    .option('--piper-model <file>', help.piperModel)
    .option('--dry-run', help.draftDryRun, false)
    .action(async (voice: string, options: With<DraftVoiceOptions>) => {
      const { runDraftVoice } = await import('../commands/draft-voice.ts');
      await run(options, (context) => runDraftVoice(context, voice, options));
    });
}
