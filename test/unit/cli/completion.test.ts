import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { bashCompletion } from '../../../src/cli/completion.ts';

function completed(words: readonly string[]): string[] {
  const program = new Command('minibot');
  program.command('doctor').option('--originate');
  const campaign = program.command('campaign');
  campaign.command('list').option('--status <s>');
  campaign.command('pause');
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = `${bashCompletion(program)}
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _minibot; echo "\${COMPREPLY[@]}"`;
  const said = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim();
  return said === '' ? [] : said.split(' ');
}

it('completes commands, their commands and their options in bash', () => {
  expect(completed(['minibot', ''])).toEqual(['doctor', 'campaign', '--help']);
  expect(completed(['minibot', 'campaign', 'p'])).toEqual(['pause']);
  expect(completed(['minibot', 'campaign', 'list', '--s'])).toEqual(['--status']);
  expect(completed(['minibot', 'doctor', 'vosk', '--or'])).toEqual(['--originate']);
  expect(completed(['minibot', 'nothing'])).toEqual([]);
});
