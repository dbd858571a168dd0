CREATE TABLE "amendments" (
	"decision_id" uuid PRIMARY KEY NOT NULL,
	"amends" uuid NOT NULL,
	"by" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "amendments_once" UNIQUE("amends")
);
--> statement-breakpoint
CREATE TABLE "proposed_corrections" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"card_id" uuid NOT NULL,
	"by" uuid NOT NULL,
	"agency_id" uuid,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"section" text,
	"key" text,
	"words" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "taken_in" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"decision_id" uuid NOT NULL,
	"late_edit_id" uuid,
	"proposal_id" uuid,
	CONSTRAINT "taken_in_lateEditId_unique" UNIQUE("late_edit_id"),
	CONSTRAINT "taken_in_proposalId_unique" UNIQUE("proposal_id"),
	CONSTRAINT "taken_in_one" CHECK (num_nonnulls("taken_in"."late_edit_id", "taken_in"."proposal_id") = 1)
);
--> statement-breakpoint
ALTER TABLE "amendments" ADD CONSTRAINT "amendments_decision_id_decisions_id_fk" FOREIGN KEY ("decision_id") REFERENCES "public"."decisions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "amendments" ADD CONSTRAINT "amendments_amends_decisions_id_fk" FOREIGN KEY ("amends") REFERENCES "public"."decisions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "amendments" ADD CONSTRAINT "amendments_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposed_corrections" ADD CONSTRAINT "proposed_corrections_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposed_corrections" ADD CONSTRAINT "proposed_corrections_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposed_corrections" ADD CONSTRAINT "proposed_corrections_agency_id_agencies_id_fk" FOREIGN KEY ("agency_id") REFERENCES "public"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "taken_in" ADD CONSTRAINT "taken_in_decision_id_decisions_id_fk" FOREIGN KEY ("decision_id") REFERENCES "public"."decisions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "taken_in" ADD CONSTRAINT "taken_in_late_edit_id_late_edits_id_fk" FOREIGN KEY ("late_edit_id") REFERENCES "public"."late_edits"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "taken_in" ADD CONSTRAINT "taken_in_proposal_id_proposed_corrections_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposed_corrections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "proposed_corrections_card" ON "proposed_corrections" USING btree ("card_id","at");--> statement-breakpoint
CREATE INDEX "taken_in_decision" ON "taken_in" USING btree ("decision_id");--> statement-breakpoint
CREATE TRIGGER amendments_immutable BEFORE UPDATE OR DELETE ON amendments FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER amendments_kept BEFORE TRUNCATE ON amendments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER taken_in_immutable BEFORE UPDATE OR DELETE ON taken_in FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER taken_in_kept BEFORE TRUNCATE ON taken_in FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER proposed_corrections_immutable BEFORE UPDATE OR DELETE ON proposed_corrections FOR EACH ROW EXECUTE FUNCTION refuse_change();
