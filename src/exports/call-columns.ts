import type { ExportedCall } from '../db/exported-calls.ts';

export type ColumnValue = string | number | Date | null;

/** A column of the exported calls. */
export interface CallColumn {
  name: string;
  kind: 'text' | 'integer' | 'decimal' | 'moment';
  /** Characters that a spreadsheet gives it. */
  width: number;
  valueOf(exported: ExportedCall): ColumnValue;
}

/** The columns of the guide, in its order and spelling. */
const GUIDE_COLUMNS: readonly CallColumn[] = [
  // v3 counted calls; here the UUID is what `call_interactions.call_id` and `minibot call show` know a call by.
  { name: 'call_id', kind: 'text', width: 37, valueOf: ({ call }) => call.id },
  { name: 'call_uuid', kind: 'text', width: 37, valueOf: ({ call }) => call.id },
  { name: 'campaign_id', kind: 'integer', width: 12, valueOf: ({ call }) => call.campaignId },
  { name: 'phone', kind: 'text', width: 15, valueOf: ({ call }) => call.phone },
  { name: 'first_name', kind: 'text', width: 14, valueOf: ({ person }) => person.firstName },
  { name: 'last_name', kind: 'text', width: 16, valueOf: ({ person }) => person.lastName },
  { name: 'company', kind: 'text', width: 20, valueOf: ({ person }) => person.company },
  { name: 'email', kind: 'text', width: 26, valueOf: ({ person }) => person.email },
  { name: 'status', kind: 'text', width: 12, valueOf: ({ call }) => call.status },
  { name: 'result', kind: 'text', width: 18, valueOf: ({ call }) => call.result },
  { name: 'duration', kind: 'decimal', width: 10, valueOf: ({ call }) => call.duration },
  { name: 'started_at', kind: 'moment', width: 19, valueOf: ({ call }) => call.startedAt },
  { name: 'ended_at', kind: 'moment', width: 19, valueOf: ({ call }) => call.endedAt },
  { name: 'current_step', kind: 'text', width: 16, valueOf: ({ call }) => call.currentStep },
  { name: 'amd_result', kind: 'text', width: 12, valueOf: ({ call }) => call.amdResult },
  { name: 'retry_count', kind: 'integer', width: 12, valueOf: ({ call }) => call.retryCount },
];

/** The column is there in every export, so that programs find the same columns; without the words it is empty. */
export function callColumns({ withTranscriptions }: { withTranscriptions: boolean }): readonly CallColumn[] {
  const valueOf = ({ call }: ExportedCall) => (withTranscriptions ? call.transcription : null);
  return [...GUIDE_COLUMNS, { name: 'transcription', kind: 'text', width: 60, valueOf }];
}
