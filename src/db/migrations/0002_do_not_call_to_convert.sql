-- Its numbers become fingerprints, for which the key is needed: src/db/convert-do-not-call.ts does it and drops the table.
ALTER TABLE "do_not_call" RENAME TO "do_not_call_to_convert";--> statement-breakpoint
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, lower(TG_OP);
END $$;--> statement-breakpoint
CREATE TRIGGER "ledger_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger"
	FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint
CREATE TRIGGER "consent_records_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "consent_records"
	FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
