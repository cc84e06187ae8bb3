import type { Command } from 'commander';
import type { DebugHearingOptions } from '../commands/debug-hearing.ts';
import type { Shell } from '../command-context.ts';
import { optionValues } from '../option-values.ts';
import { withCommonOptions, type Run, type With } from './declare.ts';

export function declareDebugCommands(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages.scenarioTools;
  const values = optionValues(shell.messages);
  const debug = program.command('debug').description(help.debug);
  const { help: ofAudio } = shell.messages.debugAudio;
  withCommonOptions(debug.command('vad').description(ofAudio.vad), shell)
    .argument('<file>', ofAudio.file)
    .option('--channel <which>', ofAudio.channel, values.channel)
    .option('--telephone', ofAudio.telephone, false)
    .option('--question <text>', ofAudio.question, values.text)
    .action(async (file: string, options: With<DebugHearingOptions & { question?: string }>) => {
      const { runDebugVad } = await import('../commands/debug-hearing.ts');
      await run(options, (context) => runDebugVad(context, file, options));
    });
  withCommonOptions(debug.command('asr').description(ofAudio.asr), shell)
    .argument('<file>', ofAudio.file)
    .option('--channel <which>', ofAudio.channel, values.channel)
    .option('--telephone', ofAudio.telephone, false)
    .action(async (file: string, options: With<DebugHearingOptions>) => {
      const { runDebugAsr } = await import('../commands/debug-hearing.ts');
      await run(options, (context) => runDebugAsr(context, file, options));
    });
  withCommonOptions(debug.command('intent').description(help.debugIntent), shell)
    .argument('<text>', help.debugText, values.text)
    .option('--question <text>', help.debugQuestion, values.text)
    .action(async (text: string, options: With<{ question?: string }>) => {
      const { runDebugIntent } = await import('../commands/debug-understanding.ts');
      await run(options, (context) => runDebugIntent(context, text, options));
    });
  withCommonOptions(debug.command('objection').description(help.debugObjection), shell)
    .argument('<text>', help.debugText, values.text)
    .option('--theme <name>', help.debugTheme, 'standard')
    .action(async (text: string, options: With<{ theme: string }>) => {
      const { runDebugObjection } = await import('../commands/debug-understanding.ts');
      await run(options, (context) => runDebugObjection(context, text, options));
    });
}
