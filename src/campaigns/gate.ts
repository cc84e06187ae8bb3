import type { WorkItem } from './work-item.ts';

export type GateVerdict =
  | { decision: 'call' }
  /** Not now: outside the calling window, say. */
  | { decision: 'wait'; until: Date; reason: string }
  /** Not in this campaign, whenever. */
  | { decision: 'refuse'; reason: string };

/** May this person be called? Asked when a job is made and again right before dialling. */
export interface Gate {
  /** Why this contact gets no job at all; null when it gets one. Asked of every contact of a launch: no queries. */
  refusalAtEnqueue(contact: { phone: string; onDoNotCallList: boolean }): string | null;
  mayCallNow(item: WorkItem, now: Date): Promise<GateVerdict>;
}
