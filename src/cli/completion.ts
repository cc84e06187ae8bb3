import type { Command } from 'commander';

/** A script for bash that completes commands, options and, where neither fits, files. */
export function bashCompletion(program: Command): string {
  const entries = entriesOf(program, program.name());
  const paths = entries.map(({ path }) => path).filter((path) => path !== program.name());
  return [
    `_${program.name()}() {`,
    '  local word path current',
    `  path=${program.name()}`,
    '  current=${COMP_WORDS[COMP_CWORD]}',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    case "$path $word" in',
    `      ${paths.map((path) => `'${path}'`).join('|')}) path="$path $word" ;;`,
    '    esac',
    '  done',
    '  case "$path" in',
    ...entries.map(
      ({ path, words }) => `    '${path}') COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$current")) ;;`,
    ),
    '  esac',
    '}',
    `complete -o default -F _${program.name()} ${program.name()}`,
    '',
  ].join('\n');
}

interface Entry {
  /** `minibot campaign list` */
  path: string;
  words: string[];
}

function entriesOf(command: Command, path: string): Entry[] {
  const options = command.options.flatMap(({ long }) => long ?? []);
  const words = [...command.commands.map((each) => each.name()), ...options, '--help'];
  return [{ path, words }, ...command.commands.flatMap((each) => entriesOf(each, `${path} ${each.name()}`))];
}
