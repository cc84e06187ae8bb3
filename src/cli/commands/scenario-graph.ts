import path from 'node:path';
import { readScenario } from '../../call-engine/scenario/load.ts';
import { loadConfig } from '../../config.ts';
import { graphOf, type ScenarioGraph } from '../../scenario-graph/graph.ts';
import { toMermaid } from '../../scenario-graph/mermaid.ts';
import { toSvg } from '../../scenario-graph/svg.ts';
import { toText } from '../../scenario-graph/text.ts';
import { writeAtomically } from '../../voices/write-atomically.ts';
import type { CommandContext } from '../command-context.ts';
import { resolvePath } from '../input-file.ts';
import type { GraphFormat } from '../option-values.ts';
import { scenarioDefaults } from '../scenario-files.ts';

export interface ScenarioGraphOptions {
  /** Absent: what the output file's name says, else Mermaid. */
  format?: GraphFormat;
  output?: string;
}

/** Draws a scenario, one with mistakes too: they are seen in the drawing. */
export async function runScenarioGraph(
  context: CommandContext,
  id: string,
  { format, output }: ScenarioGraphOptions,
): Promise<undefined> {
  const { messages, terminal, environment } = context;
  const config = loadConfig(environment);
  const scenario = await readScenario(config.scenarios.dir, id, scenarioDefaults(config));
  const graph = graphOf(scenario);
  const drawing = context.json
    ? `${JSON.stringify(graph, null, 2)}\n`
    : await drawn(graph, format ?? formatOf(output));
  if (output === undefined) {
    terminal.stdout.write(drawing);
    return undefined;
  }
  const file = resolvePath(output, environment);
  await writeAtomically(file, Buffer.from(drawing));
  terminal.printNote(messages.scenarioTools.graph.written(path.relative('.', file)));
  return undefined;
}

async function drawn(graph: ScenarioGraph, format: GraphFormat): Promise<string> {
  switch (format) {
    case 'svg':
      return toSvg(graph);
    case 'text':
      return `${toText(graph, Number.POSITIVE_INFINITY)}\n`;
    case 'mermaid':
      return toMermaid(graph);
  }
}

/** What the name of the output says, else Mermaid. */
function formatOf(output: string | undefined): GraphFormat {
  return output?.toLowerCase().endsWith('.svg') === true ? 'svg' : 'mermaid';
}
