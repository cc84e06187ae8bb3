import type { GraphNode, NodeKind, ScenarioGraph } from './graph.ts';
import { COLOURS, UNREACHABLE } from './colours.ts';

const SHAPES: Record<NodeKind, [open: string, close: string]> = {
  question: ['[', ']'],
  statement: ['(', ')'],
  objections: ['{{', '}}'],
  success: ['([', '])'],
  final: ['([', '])'],
  missing: ['>', ']'],
};

/** For Markdown pages and mermaid.live. Names are numbered: a step called `end` would end the drawing. */
export function toMermaid({ title, nodes, edges }: ScenarioGraph): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `s${index}`]));
  const name = (id: string): string => names.get(id) ?? 's';
  const kinds = new Set(nodes.map(({ kind }) => kind));
  return `${[
    '---',
    `title: ${JSON.stringify(title)}`,
    '---',
    'flowchart TD',
    ...nodes.map((node) => `  ${name(node.id)}${shape(node)}:::${node.kind}`),
    ...edges.map(({ from, to, labels }) => `  ${name(from)} -->|"${quoted(labels.join(', '))}"| ${name(to)}`),
    ...[...kinds].map(
      (kind) => `  classDef ${kind} fill:${COLOURS[kind].fill},stroke:${COLOURS[kind].line},color:#1b1b1b`,
    ),
    ...nodes
      .filter(({ isReachable }) => !isReachable)
      .map(({ id }) => `  style ${name(id)} stroke:${UNREACHABLE},stroke-dasharray:5 5`),
    ...nodes.filter(({ isStart }) => isStart).map(({ id }) => `  style ${name(id)} stroke-width:3px`),
  ].join('\n')}\n`;
}

function shape({ kind, lines }: GraphNode): string {
  const [open, close] = SHAPES[kind];
  return `${open}"${lines.map(quoted).join('<br/>')}"${close}`;
}

/** Mermaid's own entities: neither its syntax nor HTML can be smuggled in. */
function quoted(text: string): string {
  return text.replace(/["#<>&`|\\]/g, (character) => `#${character.codePointAt(0) ?? 63};`);
}
