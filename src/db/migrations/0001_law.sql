CREATE TABLE "consent_records" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "consent_records_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"subject" text NOT NULL,
	"basis" text NOT NULL,
	"granted" boolean NOT NULL,
	"acted_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"channel" text,
	"source" text NOT NULL,
	"wording" text,
	"recorded_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "consent_records_basis_check" CHECK ("consent_records"."basis" in ('consent', 'contract', 'professional')),
	CONSTRAINT "consent_records_subject_check" CHECK ("consent_records"."subject" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ledger_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"event" text NOT NULL,
	"subject" text NOT NULL,
	"campaign_id" integer,
	"call_id" uuid,
	"details" jsonb NOT NULL,
	CONSTRAINT "ledger_event_check" CHECK ("ledger"."event" in ('consent', 'opposition', 'opposition_lifted', 'refusal', 'attempt', 'erasure')),
	CONSTRAINT "ledger_subject_check" CHECK ("ledger"."subject" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "opposition_key" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"check_value" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "opposition_key_one_row_check" CHECK ("opposition_key"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "oppositions" (
	"subject" text PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"source" text NOT NULL,
	"source_call_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "oppositions_subject_check" CHECK ("oppositions"."subject" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "contacts" DROP CONSTRAINT "contacts_phone_check";--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "subject" text;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "disclosure" jsonb;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "basis" text DEFAULT 'consent' NOT NULL;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "erased_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "oppositions" ADD CONSTRAINT "oppositions_source_call_id_calls_call_uuid_fk" FOREIGN KEY ("source_call_id") REFERENCES "public"."calls"("call_uuid") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "consent_records_subject_idx" ON "consent_records" USING btree ("subject","basis","acted_at");--> statement-breakpoint
CREATE INDEX "ledger_subject_idx" ON "ledger" USING btree ("subject","id");--> statement-breakpoint
CREATE INDEX "ledger_campaign_idx" ON "ledger" USING btree ("campaign_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "calls_one_unfinished_per_subject_unique" ON "calls" USING btree ("subject") WHERE "calls"."status" <> 'completed';--> statement-breakpoint
CREATE INDEX "calls_subject_idx" ON "calls" USING btree ("subject","started_at");--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_basis_check" CHECK ("campaigns"."basis" in ('consent', 'contract', 'professional', 'non-commercial'));--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_phone_check" CHECK ("contacts"."phone" ~ '^\+[1-9][0-9]{3,14}$' or ("contacts"."erased_at" is not null and "contacts"."phone" = 'erased-' || "contacts"."id"));