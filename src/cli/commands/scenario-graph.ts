import path from 'node:path';
import { readScenario } from '../../call-engine/scenario/load.ts';
import { loadConfig } from '../../config.ts';
import { graphOf } from '../../scenario-graph/graph.ts';
import { toMermaid } from '../../scenario-graph/mermaid.ts';
import { toSvg } from '../../scenario-graph/svg.ts';
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
  const isSvg = (format ?? (output?.toLowerCase().endsWith('.svg') === true ? 'svg' : 'mermaid')) === 'svg';
  const drawing = context.json
    ? `${JSON.stringify(graph, null, 2)}\n`
    : isSvg
      ? await toSvg(graph)
      : toMermaid(graph);
  if (output === undefined) {
    terminal.stdout.write(drawing);
    return undefined;
  }
  const file = resolvePath(output, environment);
  await writeAtomically(file, Buffer.from(drawing));
  terminal.printNote(messages.scenarioTools.graph.written(path.relative('.', file)));
  return undefined;
}
