import pc from 'picocolors';
import { drawTable } from '../report.ts';
import type { Judgement } from './judge.ts';
import type { Delays, TurnBar, TurnScores } from './scores.ts';

/** The figures for people. */
export function printTurns(part: string, scores: TurnScores): string {
  return [
    pc.bold(`turns: ${part}, ${scores.conversations} conversations`),
    summaryOf(scores),
    kindsTable(scores),
    scores.bars.map(drawBar).join('\n'),
    '',
  ].join('\n\n');
}

/** One row for programs: what was planned and what came of it. */
export function rowOf({ played, fault, ...judged }: Judgement): Record<string, unknown> {
  const { id, kind, expects, prompt } = played.plan;
  return {
    id,
    kind,
    prompt: prompt.name,
    expected: expects,
    predicted: fault ?? 'right',
    // As the other evaluations have it; nothing is estimated here.
    score: fault === null ? 1 : 0,
    method: 'turns',
    ...judged,
  };
}

function summaryOf(scores: TurnScores): string {
  const { turns, listening, cutIns, cutInsInPauses, missedBargeIns, falseBargeIns, falsePauses } = scores;
  return [
    `end of speech → decision      ${delays(scores.endOfTurnMs)}`,
    `cut-ins                       ${counted(cutIns)} of ${turns} turns; with a pause inside: ${counted(cutInsInPauses)}`,
    `onset → prompt silent         ${delays(scores.bargeInMs)}`,
    `missed barge-ins              ${counted(missedBargeIns)}`,
    `false barge-ins               ${counted(falseBargeIns)} of ${listening} prompts to be heard to their end`,
    `false pauses                  ${falsePauses.count} in ${falsePauses.inConversations} of them; not resumed where stopped: ${scores.notResumed}`,
    `noise taken for the answer    ${scores.falseAnswers}`,
    `answers missed                ${scores.missedAnswers}`,
    `wrong intents                 ${scores.wrongIntents}`,
  ].join('\n');
}

function kindsTable({ kinds }: TurnScores): string {
  return drawTable({
    head: ['', 'conversations', 'end of turn p50/p95', 'barge-in p50/p95', 'false pauses', 'faults'],
    rows: kinds.map(({ kind, conversations, endOfTurnMs, bargeInMs, falsePauses, faults }) => [
      kind,
      String(conversations),
      pair(endOfTurnMs),
      pair(bargeInMs),
      falsePauses === 0 ? '·' : String(falsePauses),
      Object.entries(faults)
        .map(([fault, count]) => `${fault} ${count}`)
        .join(', '),
    ]),
  });
}

function drawBar({ name, measured, limit, unit, isMet }: TurnBar): string {
  const show = (value: number): string => (unit === 'ms' ? `${value} ms` : `${(value * 100).toFixed(1)} %`);
  const line = `${isMet ? '✔' : '✘'} ${name}: ${measured === null ? 'not measured' : show(measured)}, bar ≤ ${show(limit)}`;
  return isMet ? pc.green(line) : pc.yellow(line);
}

function counted({ count, share }: { count: number; share: number | null }): string {
  return share === null ? String(count) : `${count} (${(share * 100).toFixed(1)} %)`;
}

function delays({ p50, p95, count }: Delays): string {
  return count === 0 ? '–' : `p50 ${p50 ?? '–'} ms, p95 ${p95 ?? '–'} ms (${count})`;
}

function pair({ p50, p95, count }: Delays): string {
  return count === 0 ? '·' : `${p50 ?? '–'} / ${p95 ?? '–'}`;
}
