ALTER TABLE "campaigns" ADD COLUMN "kind" text DEFAULT 'campaign' NOT NULL;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "test_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "contacts_test_only_idx" ON "contacts" USING btree ("phone") WHERE "contacts"."test_only";--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_kind_check" CHECK ("campaigns"."kind" in ('campaign', 'test'));