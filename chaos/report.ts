import Table from 'cli-table3';
import type { StoredCampaign } from './judge-database.ts';
import type { InjectedFault, RecordFigures, Violation } from './judge-record.ts';
import type { RecoveryFigures } from './recovery.ts';

interface Findings {
  calls: number;
  seed: number;
  workers: number;
  workersStarted: number;
  maxConcurrentCalls: number;
  callDelayMs: number;
  campaignMs: number;
  faults: readonly InjectedFault[];
  stored: StoredCampaign;
  figures: RecordFigures & { countedInDoubt: number };
  recovery: RecoveryFigures;
  violations: Violation[];
}

/** What `--json` writes. */
export interface ChaosReport extends Omit<Findings, 'faults' | 'stored'> {
  /** How often each kind came. */
  faults: Record<string, number>;
  /** Contacts by final result. */
  results: Record<string, number>;
  isClean: boolean;
}

export function buildReport({ faults, stored, ...findings }: Findings): ChaosReport {
  return {
    ...findings,
    campaignMs: Math.round(findings.campaignMs),
    faults: tally(faults.map(({ kind }) => kind)),
    results: tally(stored.contacts.map(({ result, state }) => result ?? state)),
    isClean: findings.violations.length === 0,
  };
}

/** More evidence than this of one rule says nothing new. The JSON has all of it. */
const SHOWN_PER_RULE = 10;

export function printReport(report: ChaosReport, output: NodeJS.WritableStream): void {
  const { figures, recovery, violations } = report;
  const table = new Table({ style: { head: [], border: [] } });
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  table.push(
    ['contacts', report.calls],
    ['seed', report.seed],
    ['duration', seconds(report.campaignMs)],
    ['results', list(report.results)],
    ['faults', list(report.faults)],
    ['worker processes', `${report.workers} at a time, ${report.workersStarted} in all`],
    ['originates', `${figures.originates}, and ${figures.refusedBySwitch} that the switch refused`],
    ['people reached / answered', `${figures.reached} / ${figures.answered}`],
    ['channels at once, at most', `${figures.mostChannelsAtOnce} of ${report.maxConcurrentCalls}`],
    ['dials apart, at least', `${figures.closestDialsMs?.toFixed(1) ?? '–'} ms of ${report.callDelayMs} ms`],
    ['one person reached, at most', `${figures.mostReachedPerNumber} times`],
    ['counted in doubt', figures.countedInDoubt],
    ['dialled again after an unheard answer', figures.unknownAnswers],
    ['kill -9', `${recovery.kills}, ${recovery.attemptsLeftBehind} attempts left behind`],
    ['… until their channels were gone', both(recovery.channelGoneMs)],
    ['… until their outcome was written', both(recovery.outcomeWrittenMs)],
    ['violations', violations.length],
  );
  output.write(`${table.toString()}\n`);
  for (const [rule, broken] of byRule(violations)) {
    output.write(`\n✗ ${rule} (${broken.length})\n`);
    for (const { evidence } of broken.slice(0, SHOWN_PER_RULE)) output.write(`    ${evidence}\n`);
    if (broken.length > SHOWN_PER_RULE) output.write(`    … and ${broken.length - SHOWN_PER_RULE} more\n`);
  }

  function both({ median, worst }: { median: number; worst: number }): string {
    return `${seconds(median)} in the middle, ${seconds(worst)} at worst`;
  }
}

function byRule(violations: readonly Violation[]): Map<string, Violation[]> {
  const groups = new Map<string, Violation[]>();
  for (const violation of violations) {
    groups.set(violation.rule, [...(groups.get(violation.rule) ?? []), violation]);
  }
  return groups;
}

function tally(names: readonly string[]): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const name of [...names].sort()) totals[name] = (totals[name] ?? 0) + 1;
  return totals;
}

function list(totals: Record<string, number>): string {
  return Object.entries(totals)
    .map(([name, total]) => `${name} ${total}`)
    .join(', ');
}
