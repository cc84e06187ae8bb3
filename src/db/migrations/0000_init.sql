CREATE TABLE "call_interactions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "call_interactions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"call_id" uuid NOT NULL,
	"turn_number" integer NOT NULL,
	"step" text NOT NULL,
	"transcription" text NOT NULL,
	"asr_confidence" double precision NOT NULL,
	"intent" varchar(50) NOT NULL,
	"intent_confidence" double precision NOT NULL,
	"asr_latency_ms" double precision,
	"intent_latency_ms" double precision,
	"barge_in_latency_ms" double precision,
	"total_latency_ms" double precision,
	"barge_in_detected" boolean NOT NULL,
	"processing_method" varchar(20) NOT NULL,
	"objection_id" text,
	"next_step" text,
	"streaming_metadata" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "call_interactions_turn_unique" UNIQUE("call_id","turn_number")
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"call_uuid" uuid PRIMARY KEY NOT NULL,
	"campaign_id" integer NOT NULL,
	"campaign_contact_id" bigint NOT NULL,
	"contact_id" bigint NOT NULL,
	"phone" text NOT NULL,
	"attempt" integer NOT NULL,
	"fencing_token" bigint DEFAULT 1 NOT NULL,
	"worker_id" text NOT NULL,
	"status" text DEFAULT 'reserved' NOT NULL,
	"result" text,
	"end_reason" text,
	"hangup_cause" text,
	"sip_status" integer,
	"counted" boolean,
	"amd_result" text,
	"amd_reason" text,
	"amd_after_ms" double precision,
	"current_step" text,
	"last_heard" text,
	"steps" text[] DEFAULT '{}' NOT NULL,
	"retry_count" integer DEFAULT 0 NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ringing_at" timestamp (3) with time zone,
	"answered_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"duration_ms" integer,
	"duration" double precision GENERATED ALWAYS AS (duration_ms / 1000.0) STORED,
	"transcription" text,
	"recording_path" text,
	CONSTRAINT "calls_attempt_unique" UNIQUE("campaign_contact_id","attempt"),
	CONSTRAINT "calls_status_check" CHECK ("calls"."status" in ('reserved', 'dialing', 'ringing', 'active', 'completed')),
	CONSTRAINT "calls_amd_result_check" CHECK ("calls"."amd_result" in ('HUMAN', 'MACHINE', 'UNKNOWN')),
	CONSTRAINT "calls_attempt_check" CHECK ("calls"."attempt" > 0),
	CONSTRAINT "calls_completed_check" CHECK ("calls"."status" <> 'completed' or ("calls"."result" is not null and "calls"."counted" is not null and "calls"."ended_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "campaign_contacts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "campaign_contacts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"campaign_id" integer NOT NULL,
	"contact_id" bigint NOT NULL,
	"job_id" text,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"result" text,
	"next_attempt_at" timestamp (3) with time zone,
	"next_reason" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "campaign_contacts_campaign_contact_unique" UNIQUE("campaign_id","contact_id"),
	CONSTRAINT "campaign_contacts_state_check" CHECK ("campaign_contacts"."state" in ('waiting', 'queued', 'calling', 'retry_scheduled', 'done')),
	CONSTRAINT "campaign_contacts_done_check" CHECK (("campaign_contacts"."state" = 'done') = ("campaign_contacts"."result" is not null))
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "campaigns_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"scenario" text NOT NULL,
	"status" text DEFAULT 'draft' NOT NULL,
	"max_concurrent_calls" integer NOT NULL,
	"call_delay_ms" integer NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"caller_id" text,
	"retry" jsonb NOT NULL,
	"calling_window" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "campaigns_status_check" CHECK ("campaigns"."status" in ('draft', 'running', 'paused', 'completed', 'cancelled')),
	CONSTRAINT "campaigns_max_concurrent_calls_check" CHECK ("campaigns"."max_concurrent_calls" > 0),
	CONSTRAINT "campaigns_call_delay_ms_check" CHECK ("campaigns"."call_delay_ms" >= 0)
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "contacts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"phone" text NOT NULL,
	"first_name" text,
	"last_name" text,
	"company" text,
	"email" text,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"time_zone" text,
	"raw_phone" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "contacts_phone_unique" UNIQUE("phone"),
	CONSTRAINT "contacts_status_check" CHECK ("contacts"."status" in ('pending', 'called', 'qualified', 'not_interested', 'callback', 'invalid')),
	CONSTRAINT "contacts_phone_check" CHECK ("contacts"."phone" ~ '^\+[1-9][0-9]{3,14}$')
);
--> statement-breakpoint
CREATE TABLE "do_not_call" (
	"phone" text PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"source_call_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "line_leases" (
	"switch" text NOT NULL,
	"slot" integer NOT NULL,
	"call_id" uuid NOT NULL,
	"worker_id" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "line_leases_pk" PRIMARY KEY("switch","slot"),
	CONSTRAINT "line_leases_slot_check" CHECK ("line_leases"."slot" >= 0)
);
--> statement-breakpoint
ALTER TABLE "call_interactions" ADD CONSTRAINT "call_interactions_call_id_calls_call_uuid_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("call_uuid") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_campaign_contact_id_campaign_contacts_id_fk" FOREIGN KEY ("campaign_contact_id") REFERENCES "public"."campaign_contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_contacts" ADD CONSTRAINT "campaign_contacts_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_contacts" ADD CONSTRAINT "campaign_contacts_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "do_not_call" ADD CONSTRAINT "do_not_call_source_call_id_calls_call_uuid_fk" FOREIGN KEY ("source_call_id") REFERENCES "public"."calls"("call_uuid") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "calls_one_unfinished_unique" ON "calls" USING btree ("campaign_contact_id") WHERE "calls"."status" <> 'completed';--> statement-breakpoint
CREATE INDEX "calls_unfinished_idx" ON "calls" USING btree ("campaign_id") WHERE "calls"."status" <> 'completed';--> statement-breakpoint
CREATE INDEX "calls_campaign_idx" ON "calls" USING btree ("campaign_id","ended_at");--> statement-breakpoint
CREATE INDEX "calls_contact_idx" ON "calls" USING btree ("contact_id","started_at");--> statement-breakpoint
CREATE INDEX "calls_phone_idx" ON "calls" USING btree ("phone","started_at");--> statement-breakpoint
CREATE INDEX "campaign_contacts_state_idx" ON "campaign_contacts" USING btree ("campaign_id","state","id");--> statement-breakpoint
CREATE INDEX "campaign_contacts_contact_idx" ON "campaign_contacts" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "campaigns_status_idx" ON "campaigns" USING btree ("status");--> statement-breakpoint
CREATE INDEX "contacts_tags_idx" ON "contacts" USING gin ("tags");--> statement-breakpoint
CREATE UNIQUE INDEX "line_leases_call_unique" ON "line_leases" USING btree ("call_id");