import type { ScenarioGraph } from './graph.ts';

const START = '▶';
const ARROW_INDENT = '     ';

/** For a terminal: each step with its outcome, and below it where answers lead. Lines are at most `width` long. */
export function toText({ nodes, edges }: ScenarioGraph, width: number): string {
  const lines = nodes.flatMap(({ id, kind, isStart, isReachable, lines: [, ...rest] }) => {
    const outcome = kind === 'question' || kind === 'statement' ? '' : (rest.at(-1) ?? '');
    const mark = { question: ' ?', statement: '', objections: ' ↺', success: '', final: '', missing: ' ✘' }[
      kind
    ];
    const head = `${isStart ? START : ' '} ${id}${mark}${outcome === '' ? '' : ` ${outcome}`}${isReachable ? '' : ' (–)'}`;
    const ways = edges.filter(({ from }) => from === id);
    return [head, ...ways.map(({ to, labels }) => `${ARROW_INDENT}${labels.join(', ')} → ${to}`)];
  });
  return lines.map((line) => shortened(line, width)).join('\n');
}

function shortened(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
