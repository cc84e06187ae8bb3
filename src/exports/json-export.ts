import type { CallFilter, ExportedCall } from '../db/exported-calls.ts';
import type { Campaign } from '../db/schema.ts';
import { transcriptOf, type TranscriptLine } from '../recordings/transcript.ts';
import { callColumns, type ColumnValue } from './call-columns.ts';
import type { CampaignFigures } from './figures.ts';
import type { ExportSettings, OpenExport } from './open-export.ts';

/** What stands before the calls. */
interface ExportHead {
  exportedAt: Date;
  campaign: Pick<
    Campaign,
    'id' | 'name' | 'scenario' | 'status' | 'basis' | 'createdAt' | 'startedAt' | 'endedAt'
  >;
  filter: CallFilter;
  /** Of days and hours in the figures; moments are in UTC. */
  timeZone: string;
  figures: CampaignFigures;
}

/** The guide's columns by name, and what both sides said where it was asked for. */
export type JsonCall = Record<string, ColumnValue> & { transcript?: TranscriptLine[] };

export interface CampaignExport extends ExportHead {
  calls: JsonCall[];
}

/** The whole export in memory: for campaigns that are known to be small. */
export async function collectJson(
  source: OpenExport,
  settings: Pick<ExportSettings, 'filter' | 'timeZone' | 'withTranscriptions'>,
): Promise<CampaignExport> {
  const head = await headOf(source, settings);
  const calls: JsonCall[] = [];
  for await (const page of jsonCalls(source, settings)) calls.push(...page);
  return { ...head, calls };
}

/** The same as JSON, a call on each line, some at a time. */
export async function* jsonExport(
  source: OpenExport,
  settings: Pick<ExportSettings, 'filter' | 'timeZone' | 'withTranscriptions'>,
): AsyncGenerator<string> {
  const head = JSON.stringify(await headOf(source, settings), null, 2);
  yield `${head.slice(0, -'\n}'.length)},\n  "calls": [`;
  let separator = '\n';
  for await (const page of jsonCalls(source, settings)) {
    yield separator + page.map((call) => `    ${JSON.stringify(call)}`).join(',\n');
    separator = ',\n';
  }
  yield '\n  ]\n}\n';
}

async function headOf(
  source: OpenExport,
  { filter, timeZone }: Pick<ExportSettings, 'filter' | 'timeZone'>,
): Promise<ExportHead> {
  const { id, name, scenario, status, basis, createdAt, startedAt, endedAt } = source.campaign;
  return {
    exportedAt: source.exportedAt,
    campaign: { id, name, scenario, status, basis, createdAt, startedAt, endedAt },
    filter,
    timeZone,
    figures: await source.figures(),
  };
}

async function* jsonCalls(
  source: OpenExport,
  { withTranscriptions }: Pick<ExportSettings, 'withTranscriptions'>,
): AsyncGenerator<JsonCall[]> {
  const columns = callColumns({ withTranscriptions });
  const callOf = (exported: ExportedCall): JsonCall => {
    const { call, said } = exported;
    const values = Object.fromEntries(columns.map((column) => [column.name, column.valueOf(exported)]));
    if (said === null) return values;
    return Object.assign(values, { transcript: transcriptOf(call, said.lines, said.turns).lines });
  };
  for await (const page of source.pages({ withSaid: withTranscriptions })) yield page.map(callOf);
}
