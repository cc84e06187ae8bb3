import { edgesOf, reachableFrom } from '../call-engine/scenario/check.ts';
import type { Scenario, Step } from '../call-engine/scenario/schema.ts';
import { fillTemplate } from '../call-engine/scenario/template.ts';

/** `question` waits for an answer, `statement` does not, `missing` is named and not there. */
export type NodeKind = 'question' | 'statement' | 'objections' | 'success' | 'final' | 'missing';

export interface GraphNode {
  id: string;
  kind: NodeKind;
  isStart: boolean;
  /** A call can come here; true of what is missing. */
  isReachable: boolean;
  /** Line by line: the name, what is said, what comes of it. Never longer than the drawing can bear. */
  lines: string[];
}

export interface GraphEdge {
  from: string;
  to: string;
  /** Intents, or what a handler does. */
  labels: string[];
}

/** A scenario as it is drawn. */
export interface ScenarioGraph {
  title: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
}

const LINE_CHARACTERS = 30;
const MAX_LINES = 3;

export function graphOf(scenario: Scenario): ScenarioGraph {
  const reachable = reachableFrom(scenario, scenario.startStepId);
  const steps = [...scenario.steps.values()];
  const edges = steps.flatMap(joinedEdges);
  const missing = new Set(edges.map(({ to }) => to).filter((to) => !scenario.steps.has(to)));
  return {
    title: scenario.name,
    nodes: [
      ...steps.map((step) => nodeOf(step, scenario, reachable)),
      ...[...missing].map((id): GraphNode => ({
        ...{ id, kind: 'missing', isStart: false, isReachable: true, lines: [id] },
      })),
    ],
    edges,
  };
}

function nodeOf(step: Step, { startStepId }: Scenario, reachable: ReadonlySet<string>): GraphNode {
  return {
    id: step.id,
    kind: kindOf(step),
    isStart: step.id === startStepId,
    isReachable: reachable.has(step.id),
    lines: [step.id, ...(step.type === 'audio' ? said(step.text) : []), ...outcomeOf(step)],
  };
}

function kindOf(step: Step): NodeKind {
  if (step.type === 'objection_handler') return 'objections';
  if (step.isFinal) return step.result === 'success' ? 'success' : 'final';
  return step.timeoutMs > 0 ? 'question' : 'statement';
}

function outcomeOf(step: Step): string[] {
  if (step.type === 'objection_handler') return [`≤ ${step.maxAttempts}`];
  return step.isFinal ? [`⇒ ${step.result ?? ''}`] : [];
}

/** Broken between words; what does not fit is left out. */
function said(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  // French puts a space before some marks: they stay with their word.
  const words = fillTemplate(text, {}).replace(/ (?=[?!:;»])/g, '\u00a0');
  for (const word of words.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= LINE_CHARACTERS) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word.slice(0, LINE_CHARACTERS);
    if (lines.length === MAX_LINES) return [...lines.slice(0, -1), `${lines.at(-1) ?? ''} …`];
  }
  return line === '' ? lines : [...lines, line];
}

/** One arrow for all that leads from one step to another. */
function joinedEdges(step: Step): GraphEdge[] {
  const labels = new Map<string, string[]>();
  for (const { field, target } of edgesOf(step)) {
    const label = field.replace(/^transitions\./, '').replace(/_step$/, '');
    labels.set(target, [...(labels.get(target) ?? []), label]);
  }
  return [...labels].map(([to, ofEdge]) => ({ from: step.id, to, labels: ofEdge }));
}
