import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../src/call-engine/scenario/schema.ts';
import { graphOf } from '../../../src/scenario-graph/graph.ts';
import { toMermaid } from '../../../src/scenario-graph/mermaid.ts';
import { toSvg } from '../../../src/scenario-graph/svg.ts';
import { toText } from '../../../src/scenario-graph/text.ts';
import { asking, final } from '../../helpers/scenarios.ts';

function graph(text = 'Avez-vous deux minutes ?') {
  const parsed = parseScenario(
    'mine',
    {
      name: 'Mine <b>&"',
      steps: {
        hello: asking(
          { affirm: 'end', question: 'objections', objection: 'objections', '*': 'gone' },
          { text },
        ),
        objections: { type: 'objection_handler', fallback_step: 'end', success_step: 'hello' },
        end: final('success'),
        lost: final('failed'),
      },
    },
    { voice: 'demo', listenTimeoutMs: 4000 },
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return graphOf(parsed.scenario);
}

describe('graphOf', () => {
  it('names the kind of each step, what is reached, and one arrow for all that leads the same way', () => {
    const { nodes, edges } = graph();
    expect(nodes.map(({ id, kind, isStart, isReachable }) => [id, kind, isStart, isReachable])).toEqual([
      ['hello', 'question', true, true],
      ['objections', 'objections', false, true],
      ['end', 'success', false, true],
      ['lost', 'final', false, false],
      ['gone', 'missing', false, true],
    ]);
    expect(edges).toContainEqual({ from: 'hello', to: 'objections', labels: ['question', 'objection'] });
    expect(edges).toContainEqual({ from: 'objections', to: 'end', labels: ['fallback'] });
  });

  it('breaks what is said into a few lines', () => {
    const [hello] = graph('mot '.repeat(200)).nodes;
    expect(hello?.lines.length).toBeLessThanOrEqual(5);
    for (const line of hello?.lines ?? []) expect(line.length).toBeLessThanOrEqual(36);
  });
});

describe('toMermaid', () => {
  it('draws a step called end, and lets no text out of its box', () => {
    const drawing = toMermaid(graph('dit "]:::x & <script> #1'));
    expect(drawing).toContain('s2(["end<br/>');
    expect(drawing).toContain('s0 -->|"question, objection"| s1');
    expect(drawing).toContain('dit #34;]:::x #38; #60;script#62; #35;1');
    expect(drawing).toContain('style s3 stroke:#9ca3af,stroke-dasharray');
  });
});

describe('toSvg', () => {
  it('draws every step and arrow, with texts as text', async () => {
    const svg = await toSvg(graph('dit <script> \\N & "fin"'));
    expect(svg).toMatch(/^<\?xml[^]+<svg /);
    expect(svg.match(/class="node"/g)).toHaveLength(5);
    expect(svg.match(/class="edge"/g)).toHaveLength(5);
    expect(svg).not.toContain('<script>');
    expect(svg).toContain('dit &lt;script&gt; \\N &amp; &quot;fin&quot;');
    expect(svg).toContain('stroke-dasharray');
    expect(svg.match(/<style>/g)).toHaveLength(1);
    // Where calls end stands on one line.
    const heights = [...svg.matchAll(/<title>(?:end|lost)<\/title>[^]*?<text[^>]* y="([-\d.]+)"/g)];
    expect(heights).toHaveLength(2);
    expect(heights[0]?.[1]).toBe(heights[1]?.[1]);
  });
});

describe('toText', () => {
  it('shows each step with its outcome, and where answers lead, in the width of the terminal', () => {
    expect(toText(graph(), 80).split('\n')).toEqual([
      '▶ hello ?',
      '     affirm → end',
      '     question, objection → objections',
      '     * → gone',
      '  objections ↺ ≤ 3',
      '     fallback → end',
      '     success → hello',
      '  end ⇒ success',
      '  lost ⇒ failed (–)',
      '  gone ✘',
    ]);
    expect(
      Math.max(
        ...toText(graph(), 20)
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBe(20);
  });
});
