CREATE TABLE "call_lines" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "call_lines_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"call_id" uuid NOT NULL,
	"speaker" text NOT NULL,
	"number" integer NOT NULL,
	"step" text,
	"text" text NOT NULL,
	"started_ms" integer NOT NULL,
	"ended_ms" integer,
	"heard_ms" integer,
	"completed" boolean,
	"confidence" double precision,
	"words" jsonb,
	CONSTRAINT "call_lines_line_unique" UNIQUE("call_id","speaker","number"),
	CONSTRAINT "call_lines_speaker_check" CHECK ("call_lines"."speaker" in ('bot', 'contact'))
);
--> statement-breakpoint
ALTER TABLE "ledger" DROP CONSTRAINT "ledger_event_check";--> statement-breakpoint
ALTER TABLE "call_interactions" ADD COLUMN "speech_number" integer;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "recording_started_ms" integer;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "assembled_path" text;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "recording_problem" text;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "recording_purged_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "transcript_purged_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "recording_purpose" text;--> statement-breakpoint
ALTER TABLE "call_lines" ADD CONSTRAINT "call_lines_call_id_calls_call_uuid_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("call_uuid") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "calls_recording_idx" ON "calls" USING btree ("ended_at","call_uuid") WHERE "calls"."recording_path" is not null;--> statement-breakpoint
CREATE INDEX "calls_transcript_idx" ON "calls" USING btree ("ended_at","call_uuid") WHERE "calls"."answered_at" is not null and "calls"."transcript_purged_at" is null;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_event_check" CHECK ("ledger"."event" in ('consent', 'opposition', 'opposition_lifted', 'refusal', 'attempt', 'erasure', 'purge'));