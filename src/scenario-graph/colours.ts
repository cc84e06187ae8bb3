import type { NodeKind } from './graph.ts';

/** Told apart in grey, too: light fills, dark lines. */
export const COLOURS: Record<NodeKind, { fill: string; line: string }> = {
  question: { fill: '#dbeafe', line: '#1d4ed8' },
  statement: { fill: '#f3f4f6', line: '#4b5563' },
  objections: { fill: '#fef3c7', line: '#b45309' },
  success: { fill: '#bbf7d0', line: '#15803d' },
  final: { fill: '#fecaca', line: '#b91c1c' },
  missing: { fill: '#ffffff', line: '#b91c1c' },
};

export const UNREACHABLE = '#9ca3af';
