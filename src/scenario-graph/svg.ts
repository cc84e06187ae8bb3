import { instance } from '@viz-js/viz';
import { COLOURS, UNREACHABLE } from './colours.ts';
import type { GraphEdge, GraphNode, ScenarioGraph } from './graph.ts';

/** Whoever looks at it may have another font than it was measured with: the margins are wide. */
const FONT = 'Helvetica, Arial, sans-serif';

/** What Graphviz has no words for: names stand out, and no arrow runs through what is written on it. */
const STYLE =
  '<style>.node text:first-of-type{font-weight:bold}.edge text{paint-order:stroke;stroke:white;stroke-width:4px}</style>';

/** Drawn by Graphviz, in this process: no program and no network is needed. */
export async function toSvg({ title, nodes, edges }: ScenarioGraph): Promise<string> {
  const viz = await instance();
  const svg = viz.renderString(
    {
      directed: true,
      graphAttributes: {
        ...{ rankdir: 'TB', ranksep: 0.55, nodesep: 0.35, pad: 0.25, bgcolor: 'white' },
        ...{ label: escaped(title), labelloc: 't', fontname: FONT, fontsize: 18 },
      },
      nodeAttributes: {
        fontname: FONT,
        fontsize: 11,
        style: 'filled,rounded',
        shape: 'box',
        margin: '0.4,0.1',
      },
      edgeAttributes: { fontname: FONT, fontsize: 9, color: '#6b7280', fontcolor: '#374151', arrowsize: 0.7 },
      nodes: nodes.map(drawnNode),
      edges: edges.map(drawnEdge),
      // Where calls end stands side by side, at the bottom.
      subgraphs: [
        {
          graphAttributes: { rank: 'sink' },
          nodes: nodes.filter(isEnd).map(({ id }) => ({ name: id })),
        },
      ],
    },
    { format: 'svg', yInvert: false },
  );
  return svg.replace(/<svg[^>]*>/, `$&\n${STYLE}`);
}

function drawnNode({ id, kind, lines, isStart, isReachable }: GraphNode) {
  const { fill, line } = COLOURS[kind];
  const [name = id, ...rest] = lines;
  const styles = ['filled', 'rounded', ...(isReachable ? [] : ['dashed'])];
  return {
    name: id,
    attributes: {
      label: [name, ...rest].map(escaped).join('\n'),
      fillcolor: fill,
      color: isReachable ? line : UNREACHABLE,
      fontcolor: isReachable ? '#1b1b1b' : '#6b7280',
      penwidth: isStart ? 3 : 1.2,
      style: styles.join(','),
      ...(kind === 'objections'
        ? { shape: 'hexagon', style: styles.filter((one) => one !== 'rounded').join(',') }
        : {}),
    },
  };
}

function drawnEdge({ from, to, labels }: GraphEdge) {
  return {
    tail: from,
    head: to,
    attributes: { label: labels.map((label) => ` ${escaped(label)} `).join('\\n') },
  };
}

function isEnd({ kind }: GraphNode): boolean {
  return kind === 'success' || kind === 'final';
}

/** A backslash begins a command in Graphviz's labels. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\');
}
