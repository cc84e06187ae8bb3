ALTER TABLE "calls" ADD COLUMN "voicemail_played_ms" double precision;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "voicemail_completed" boolean;