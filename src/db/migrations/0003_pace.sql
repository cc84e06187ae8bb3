CREATE TABLE "dial_turns" (
	"campaign_id" integer PRIMARY KEY NOT NULL,
	"call_id" uuid,
	"held_until" timestamp with time zone,
	"last_dial_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "line_wants" (
	"switch" text NOT NULL,
	"campaign_contact_id" bigint NOT NULL,
	"campaign_id" integer NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "line_wants_pk" PRIMARY KEY("switch","campaign_contact_id")
);
--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "held_back" text;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "held_back_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "dial_turns" ADD CONSTRAINT "dial_turns_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "line_wants" ADD CONSTRAINT "line_wants_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
UPDATE "campaigns" SET "retry" = '{"maxAttemptsByResult": {}, "otherPartOfDay": false}'::jsonb || "retry";
