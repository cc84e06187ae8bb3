import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { CAMPAIGN_BASES } from '../compliance/basis.ts';
import type { CallingWindow } from '../compliance/calling-window.ts';
import { RECORDED_BASES } from '../compliance/consent.ts';
import type { HeardDisclosure } from '../call-engine/ports.ts';
import type { RetryPolicy } from './campaign-settings.ts';
import type { EndReason } from '../call-engine/disposition.ts';
import type { Intent } from '../call-engine/intent/intents.ts';
import type { Turn } from '../call-engine/ports.ts';

/** Where a person stands for the team that calls them (v2's `statut`); the outcome of a call is in `calls`. */
export const CONTACT_STATUSES = [
  'pending',
  'called',
  'qualified',
  'not_interested',
  'callback',
  'invalid',
] as const;
export type ContactStatus = (typeof CONTACT_STATUSES)[number];

/** draft → running ⇄ paused → completed | cancelled. */
export const CAMPAIGN_STATUSES = ['draft', 'running', 'paused', 'completed', 'cancelled'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

/** `test`: one call to try the system (`minibot test-call`). Workers, lists and queues leave it alone. */
export const CAMPAIGN_KINDS = ['campaign', 'test'] as const;

/** waiting → queued → calling → done, or calling → retry_scheduled → calling … */
export const CAMPAIGN_CONTACT_STATES = ['waiting', 'queued', 'calling', 'retry_scheduled', 'done'] as const;
export type CampaignContactState = (typeof CAMPAIGN_CONTACT_STATES)[number];

/** reserved → dialing → ringing → active → completed; every status may go to completed. */
export const CALL_STATUSES = ['reserved', 'dialing', 'ringing', 'active', 'completed'] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

/** What the ledger holds; never changed once written. */
export const LEDGER_EVENTS = [
  /** A consent, a contract or a professional line was recorded, or its end. */
  'consent',
  /** Somebody is not to be called any more, or may be again. */
  'opposition',
  'opposition_lifted',
  /** A contact was refused by the gate, at launch or right before dialling. */
  'refusal',
  /** One originate and what came of it. */
  'attempt',
  /** A person's data were removed. */
  'erasure',
  /** A call's recording or words were removed because they had been kept for as long as they may. */
  'purge',
] as const;
export type LedgerEvent = (typeof LEDGER_EVENTS)[number];

export const AMD_RESULTS = ['HUMAN', 'MACHINE', 'UNKNOWN'] as const;

/** Whose words a line of a call's transcript holds. */
export const SPEAKERS = ['bot', 'contact'] as const;

/** A word of a line; times are milliseconds since the answer. */
export interface LineWord {
  word: string;
  start_ms: number;
  end_ms: number;
  confidence: number;
}

/** What a turn keeps as JSON because nobody filters by it. Milliseconds. */
export interface StreamingMetadata {
  endpointing_ms: number | null;
  response_ms: number | null;
}

export const contacts = pgTable(
  'contacts',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** E.164 with leading `+`. */
    phone: text('phone').notNull().unique(),
    firstName: text('first_name'),
    lastName: text('last_name'),
    company: text('company'),
    email: text('email'),
    tags: text('tags')
      .array()
      .notNull()
      .default(sql`'{}'`),
    status: text('status', { enum: CONTACT_STATUSES }).notNull().default('pending'),
    /** IANA zone where it is known to differ from the campaign's. */
    timeZone: text('time_zone'),
    /** The number as it was given. */
    rawPhone: text('raw_phone'),
    /** Known from a test call alone: in no campaign until it is imported. */
    testOnly: boolean('test_only').notNull().default(false),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow().$onUpdate(now),
    /** When the person's data were removed; the row stays for the campaigns' figures, without a number. */
    erasedAt: instant('erased_at'),
  },
  (table) => [
    index('contacts_tags_idx').using('gin', table.tags),
    // An import looks for them with every batch: nearly always there is none.
    index('contacts_test_only_idx')
      .on(table.phone)
      .where(sql`${table.testOnly}`),
    oneOf('contacts_status_check', table.status, CONTACT_STATUSES),
    check(
      'contacts_phone_check',
      sql`${table.phone} ~ '^\\+[1-9][0-9]{3,14}$' or (${table.erasedAt} is not null and ${table.phone} = 'erased-' || ${table.id})`,
    ),
  ],
);

export const campaigns = pgTable(
  'campaigns',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    /** Id of the scenario's file, e.g. `vente_or_investissement`. */
    scenario: text('scenario').notNull(),
    kind: text('kind', { enum: CAMPAIGN_KINDS }).notNull().default('campaign'),
    status: text('status', { enum: CAMPAIGN_STATUSES }).notNull().default('draft'),
    maxConcurrentCalls: integer('max_concurrent_calls').notNull(),
    callDelayMs: integer('call_delay_ms').notNull(),
    priority: integer('priority').notNull().default(0),
    /** E.164 shown to the callee; null for `CALLER_ID`. */
    callerId: text('caller_id'),
    /** Why these people may be called at all; the gate holds every contact to it. */
    basis: text('basis', { enum: CAMPAIGN_BASES }).notNull().default('consent'),
    retry: jsonb('retry').$type<RetryPolicy>().notNull(),
    /** What its calls are recorded for; null records none. */
    recordingPurpose: text('recording_purpose'),
    /** Null: the hours that the law allows. */
    callingWindow: jsonb('calling_window').$type<CallingWindow>(),
    /** Why nobody can be called for now, for the operator: a broken scenario, say. Null: nothing is known to be wrong. */
    heldBack: text('held_back'),
    heldBackAt: instant('held_back_at'),
    createdAt: instant('created_at').notNull().defaultNow(),
    startedAt: instant('started_at'),
    endedAt: instant('ended_at'),
  },
  (table) => [
    index('campaigns_status_idx').on(table.status),
    oneOf('campaigns_kind_check', table.kind, CAMPAIGN_KINDS),
    oneOf('campaigns_status_check', table.status, CAMPAIGN_STATUSES),
    oneOf('campaigns_basis_check', table.basis, CAMPAIGN_BASES),
    check('campaigns_max_concurrent_calls_check', sql`${table.maxConcurrentCalls} > 0`),
    check('campaigns_call_delay_ms_check', sql`${table.callDelayMs} >= 0`),
  ],
);

/** One contact of one campaign: exactly one job. */
export const campaignContacts = pgTable(
  'campaign_contacts',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    campaignId: integer('campaign_id')
      .notNull()
      .references(() => campaigns.id),
    contactId: bigint('contact_id', { mode: 'number' })
      .notNull()
      .references(() => contacts.id),
    jobId: text('job_id'),
    state: text('state', { enum: CAMPAIGN_CONTACT_STATES }).notNull().default('waiting'),
    /** Counted attempts to reach the person so far. */
    attempts: integer('attempts').notNull().default(0),
    /** Final result; set with state `done`. */
    result: text('result'),
    nextAttemptAt: instant('next_attempt_at'),
    nextReason: text('next_reason'),
    updatedAt: instant('updated_at').notNull().defaultNow().$onUpdate(now),
  },
  (table) => [
    unique('campaign_contacts_campaign_contact_unique').on(table.campaignId, table.contactId),
    index('campaign_contacts_state_idx').on(table.campaignId, table.state, table.id),
    index('campaign_contacts_contact_idx').on(table.contactId),
    oneOf('campaign_contacts_state_check', table.state, CAMPAIGN_CONTACT_STATES),
    check('campaign_contacts_done_check', sql`(${table.state} = 'done') = (${table.result} is not null)`),
  ],
);

/** One attempt: one originate towards one person. Committed before dialling. */
export const calls = pgTable(
  'calls',
  {
    /** Also the channel's UUID on the switch. */
    id: uuid('call_uuid').primaryKey(),
    campaignId: integer('campaign_id')
      .notNull()
      .references(() => campaigns.id),
    campaignContactId: bigint('campaign_contact_id', { mode: 'number' })
      .notNull()
      .references(() => campaignContacts.id),
    contactId: bigint('contact_id', { mode: 'number' })
      .notNull()
      .references(() => contacts.id),
    /** `erased` once the person's data were removed. */
    phone: text('phone').notNull(),
    /** Fingerprint of the number; null on attempts of versions that had none. */
    subject: text('subject'),
    /** 1 for the first originate towards this contact of this campaign; uncounted ones have a number too. */
    attempt: integer('attempt').notNull(),
    /** Grows by one whenever another worker takes the attempt over; writes with an older token are refused. */
    fencingToken: bigint('fencing_token', { mode: 'number' }).notNull().default(1),
    workerId: text('worker_id').notNull(),
    status: text('status', { enum: CALL_STATUSES }).notNull().default('reserved'),
    result: text('result'),
    endReason: text('end_reason').$type<EndReason>(),
    hangupCause: text('hangup_cause'),
    sipStatus: integer('sip_status'),
    /** Was an attempt to reach the person; null until it ended. */
    counted: boolean('counted'),
    amdResult: text('amd_result', { enum: AMD_RESULTS }),
    amdReason: text('amd_reason'),
    amdAfterMs: doublePrecision('amd_after_ms'),
    /** How much of the scenario's message was left on an answering machine; null when none was begun. */
    voicemailPlayedMs: doublePrecision('voicemail_played_ms'),
    /** Whether it was played to its end. */
    voicemailCompleted: boolean('voicemail_completed'),
    currentStep: text('current_step'),
    /** Latest words, partial ones included: for live views. */
    lastHeard: text('last_heard'),
    /** Steps walked, in order. */
    steps: text('steps')
      .array()
      .notNull()
      .default(sql`'{}'`),
    /** Counted attempts before this one. */
    retryCount: integer('retry_count').notNull().default(0),
    startedAt: instant('started_at').notNull().defaultNow(),
    ringingAt: instant('ringing_at'),
    answeredAt: instant('answered_at'),
    endedAt: instant('ended_at'),
    /** Answer to end; null when nobody answered. */
    durationMs: integer('duration_ms'),
    /** Seconds, under the guides' name, for their queries. */
    duration: doublePrecision('duration').generatedAlwaysAs((): SQL => sql`duration_ms / 1000.0`),
    /** What the callee said, one turn per line. */
    transcription: text('transcription'),
    /** The stereo file on the switch, written from `recordingStartedMs` on. */
    recordingPath: text('recording_path'),
    /** Since the answer. */
    recordingStartedMs: integer('recording_started_ms'),
    /** The copy for listening, both sides on one channel; null until it is made. */
    assembledPath: text('assembled_path'),
    /** Why there is no recording or no such copy, or what the recording lacks. */
    recordingProblem: text('recording_problem'),
    recordingPurgedAt: instant('recording_purged_at'),
    transcriptPurgedAt: instant('transcript_purged_at'),
    /** How much was heard of what tells people who calls them; null when not known. */
    disclosure: jsonb('disclosure').$type<HeardDisclosure[]>(),
  },
  (table) => [
    unique('calls_attempt_unique').on(table.campaignContactId, table.attempt),
    uniqueIndex('calls_one_unfinished_unique')
      .on(table.campaignContactId)
      .where(sql`${table.status} <> 'completed'`),
    // Over all campaigns: nobody is called twice at once.
    uniqueIndex('calls_one_unfinished_per_subject_unique')
      .on(table.subject)
      .where(sql`${table.status} <> 'completed'`),
    index('calls_unfinished_idx')
      .on(table.campaignId)
      .where(sql`${table.status} <> 'completed'`),
    index('calls_campaign_idx').on(table.campaignId, table.endedAt),
    index('calls_recording_idx')
      .on(table.endedAt, table.id)
      .where(sql`${table.recordingPath} is not null`),
    index('calls_transcript_idx')
      .on(table.endedAt, table.id)
      .where(sql`${table.answeredAt} is not null and ${table.transcriptPurgedAt} is null`),
    index('calls_contact_idx').on(table.contactId, table.startedAt),
    index('calls_phone_idx').on(table.phone, table.startedAt),
    index('calls_subject_idx').on(table.subject, table.startedAt),
    oneOf('calls_status_check', table.status, CALL_STATUSES),
    oneOf('calls_amd_result_check', table.amdResult, AMD_RESULTS),
    check('calls_attempt_check', sql`${table.attempt} > 0`),
    check(
      'calls_completed_check',
      sql`${table.status} <> 'completed' or (${table.result} is not null and ${table.counted} is not null and ${table.endedAt} is not null)`,
    ),
  ],
);

/** One exchange of a call, written while the call goes on. */
export const callInteractions = pgTable(
  'call_interactions',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    callId: uuid('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    turnNumber: integer('turn_number').notNull(),
    step: text('step').notNull(),
    transcription: text('transcription').notNull(),
    asrConfidence: doublePrecision('asr_confidence').notNull(),
    intent: varchar('intent', { length: 50 }).$type<Intent>().notNull(),
    intentConfidence: doublePrecision('intent_confidence').notNull(),
    asrLatencyMs: doublePrecision('asr_latency_ms'),
    intentLatencyMs: doublePrecision('intent_latency_ms'),
    bargeInLatencyMs: doublePrecision('barge_in_latency_ms'),
    totalLatencyMs: doublePrecision('total_latency_ms'),
    bargeInDetected: boolean('barge_in_detected').notNull(),
    processingMethod: varchar('processing_method', { length: 20 })
      .$type<Turn['processingMethod']>()
      .notNull(),
    /** Number of the callee's line in the transcript that it was taken from; null for silence. */
    speechNumber: integer('speech_number'),
    objectionId: text('objection_id'),
    nextStep: text('next_step'),
    streamingMetadata: jsonb('streaming_metadata').$type<StreamingMetadata>().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [unique('call_interactions_turn_unique').on(table.callId, table.turnNumber)],
);

/** A line of a call's transcript, written while the call goes on: a prompt, or something the callee said. */
export const callLines = pgTable(
  'call_lines',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    callId: uuid('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    speaker: text('speaker', { enum: SPEAKERS }).notNull(),
    /** Counts each speaker's lines from 1. */
    number: integer('number').notNull(),
    /** Of a prompt: the step it belongs to. */
    step: text('step'),
    /** Blank once it was purged. */
    text: text('text').notNull(),
    /** Milliseconds since the answer. */
    startedMs: integer('started_ms').notNull(),
    /** Null while it is played. */
    endedMs: integer('ended_ms'),
    /** Of a prompt: how much of it was heard, and whether that was all of it. */
    heardMs: integer('heard_ms'),
    completed: boolean('completed'),
    /** Of what the callee said; null when it was not decoded to its end. */
    confidence: doublePrecision('confidence'),
    words: jsonb('words').$type<LineWord[]>(),
  },
  (table) => [
    unique('call_lines_line_unique').on(table.callId, table.speaker, table.number),
    oneOf('call_lines_speaker_check', table.speaker, SPEAKERS),
  ],
);

/** People who must not be called again, whatever the campaign: keyed fingerprints of their numbers, nothing else of them. */
export const oppositions = pgTable(
  'oppositions',
  {
    subject: text('subject').primaryKey(),
    reason: text('reason').notNull(),
    /** Where it comes from, e.g. `call`, a file's name. */
    source: text('source').notNull(),
    /** The call in which they asked for it; null for another entry. */
    sourceCallId: uuid('source_call_id').references(() => calls.id, { onDelete: 'set null' }),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [check('oppositions_subject_check', isFingerprint(table.subject))],
);

/** Proves that the key of the fingerprints is still the one with which they were made. One row at most. */
export const oppositionKey = pgTable(
  'opposition_key',
  {
    id: integer('id').primaryKey().default(1),
    checkValue: text('check_value').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [check('opposition_key_one_row_check', sql`${table.id} = 1`)],
);

/** What makes a call lawful, and when it ended: a row for each change, none ever changed (a trigger refuses it). */
export const consentRecords = pgTable(
  'consent_records',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Fingerprint of the number. */
    subject: text('subject').notNull(),
    basis: text('basis', { enum: RECORDED_BASES }).notNull(),
    /** False: it ended (a consent withdrawn, a contract over). */
    granted: boolean('granted').notNull(),
    /** When it was given or ended, as its source says. */
    actedAt: instant('acted_at').notNull(),
    expiresAt: instant('expires_at'),
    /** How it was given: `web`, `phone`, `paper` … */
    channel: text('channel'),
    /** Where the proof is. */
    source: text('source').notNull(),
    /** What the person agreed to, or the version of that text. */
    wording: text('wording'),
    recordedAt: instant('recorded_at').notNull().defaultNow(),
  },
  (table) => [
    index('consent_records_subject_idx').on(table.subject, table.basis, table.actedAt),
    oneOf('consent_records_basis_check', table.basis, RECORDED_BASES),
    check('consent_records_subject_check', isFingerprint(table.subject)),
  ],
);

/** What an inspector may ask for, in order; never changed (a trigger refuses it). Names nobody. */
export const ledger = pgTable(
  'ledger',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull().defaultNow(),
    event: text('event', { enum: LEDGER_EVENTS }).notNull(),
    /** Fingerprint of the number. */
    subject: text('subject').notNull(),
    campaignId: integer('campaign_id'),
    callId: uuid('call_id'),
    details: jsonb('details').$type<Record<string, unknown>>().notNull(),
  },
  (table) => [
    index('ledger_subject_idx').on(table.subject, table.id),
    index('ledger_campaign_idx').on(table.campaignId, table.id),
    oneOf('ledger_event_check', table.event, LEDGER_EVENTS),
    check('ledger_subject_check', isFingerprint(table.subject)),
  ],
);

/** Lines of a switch in use. A row whose `expires_at` has passed is a free line. */
export const lineLeases = pgTable(
  'line_leases',
  {
    switchName: text('switch').notNull(),
    slot: integer('slot').notNull(),
    callId: uuid('call_id').notNull(),
    workerId: text('worker_id').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ name: 'line_leases_pk', columns: [table.switchName, table.slot] }),
    uniqueIndex('line_leases_call_unique').on(table.callId),
    check('line_leases_slot_check', sql`${table.slot} >= 0`),
  ],
);

/**
 * Jobs that wait for a line of a full switch. While one of a campaign of higher priority is in here, a free line is not for
 * the others. A row whose `expires_at` has passed means nothing.
 */
export const lineWants = pgTable(
  'line_wants',
  {
    switchName: text('switch').notNull(),
    campaignContactId: bigint('campaign_contact_id', { mode: 'number' }).notNull(),
    campaignId: integer('campaign_id')
      .notNull()
      .references(() => campaigns.id, { onDelete: 'cascade' }),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [primaryKey({ name: 'line_wants_pk', columns: [table.switchName, table.campaignContactId] })],
);

/** Whose turn it is to dial for a campaign, and when it last dialled. Only for campaigns with a delay between calls. */
export const dialTurns = pgTable('dial_turns', {
  campaignId: integer('campaign_id')
    .primaryKey()
    .references(() => campaigns.id, { onDelete: 'cascade' }),
  /** Null: nobody's. */
  callId: uuid('call_id'),
  /** Until then the holder may dial; counts as a dial at that moment when nobody says what became of it. */
  heldUntil: exactInstant('held_until'),
  lastDialAt: exactInstant('last_dial_at'),
});

export type Contact = typeof contacts.$inferSelect;
export type Campaign = typeof campaigns.$inferSelect;
export type CampaignContact = typeof campaignContacts.$inferSelect;
export type Call = typeof calls.$inferSelect;
export type CallInteraction = typeof callInteractions.$inferSelect;
export type CallLine = typeof callLines.$inferSelect;
export type Opposition = typeof oppositions.$inferSelect;
export type ConsentRecord = typeof consentRecords.$inferSelect;
export type LedgerEntry = typeof ledger.$inferSelect;
export type LineLease = typeof lineLeases.$inferSelect;

function instant(name: string) {
  return timestamp(name, { withTimezone: true, precision: 3 });
}

/** To the microsecond: rounded down, a time would allow a dial too early. */
function exactInstant(name: string) {
  return timestamp(name, { withTimezone: true });
}

function now(): Date {
  return new Date();
}

/** HMAC-SHA-256 in hexadecimal. */
function isFingerprint(column: AnyPgColumn): SQL {
  return sql`${column} ~ '^[0-9a-f]{64}$'`;
}

/** A check constraint derived from the list that also gives the column its type. */
function oneOf(name: string, column: AnyPgColumn, values: readonly string[]) {
  return check(name, sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`);
}
