CREATE TABLE "agenda_acts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"card_id" uuid NOT NULL,
	"by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"act" text NOT NULL,
	"reason" text,
	CONSTRAINT "agenda_acts_act" CHECK ("agenda_acts"."act" in ('moved', 'parked', 'taken-back', 'withdrawn')),
	CONSTRAINT "agenda_acts_reason" CHECK ("agenda_acts"."act" <> 'withdrawn' or "agenda_acts"."reason" is not null)
);
--> statement-breakpoint
CREATE TABLE "card_links" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"card_id" uuid NOT NULL,
	"by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"with_card_id" uuid NOT NULL,
	"linked" boolean NOT NULL,
	"together" boolean NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "card_links_order" CHECK ("card_links"."card_id" < "card_links"."with_card_id")
);
--> statement-breakpoint
CREATE TABLE "card_stages" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"card_id" uuid NOT NULL,
	"by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"stage" text NOT NULL,
	CONSTRAINT "card_stages_stage" CHECK ("card_stages"."stage" in ('new', 'information', 'analysis', 'ratings', 'conclusion', 'plan'))
);
--> statement-breakpoint
CREATE TABLE "meeting_phases" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"meeting_id" uuid NOT NULL,
	"by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"phase" text NOT NULL,
	CONSTRAINT "meeting_phases_phase" CHECK ("meeting_phases"."phase" in ('open', 'break', 'closing', 'closed'))
);
--> statement-breakpoint
CREATE TABLE "member_changes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"card_id" uuid NOT NULL,
	"by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"member_id" uuid NOT NULL,
	"act" text NOT NULL,
	"reason" text NOT NULL,
	"forenames" text,
	"surname" text,
	"role" text NOT NULL,
	"born" date,
	"was_forenames" text,
	"was_surname" text,
	"was_role" text,
	"was_born" date,
	CONSTRAINT "member_changes_act" CHECK ("member_changes"."act" in ('added', 'mended'))
);
--> statement-breakpoint
CREATE TABLE "statement_acts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"meeting_id" uuid NOT NULL,
	"by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"act" text NOT NULL,
	"reading" text NOT NULL,
	CONSTRAINT "statement_acts_act" CHECK ("statement_acts"."act" in ('read', 'agreed'))
);
--> statement-breakpoint
ALTER TABLE "agenda_acts" ADD CONSTRAINT "agenda_acts_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agenda_acts" ADD CONSTRAINT "agenda_acts_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_links" ADD CONSTRAINT "card_links_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_links" ADD CONSTRAINT "card_links_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_links" ADD CONSTRAINT "card_links_with_card_id_cards_id_fk" FOREIGN KEY ("with_card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_stages" ADD CONSTRAINT "card_stages_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_stages" ADD CONSTRAINT "card_stages_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_phases" ADD CONSTRAINT "meeting_phases_meeting_id_meetings_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_phases" ADD CONSTRAINT "meeting_phases_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member_changes" ADD CONSTRAINT "member_changes_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member_changes" ADD CONSTRAINT "member_changes_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member_changes" ADD CONSTRAINT "member_changes_member_id_family_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."family_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_acts" ADD CONSTRAINT "statement_acts_meeting_id_meetings_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_acts" ADD CONSTRAINT "statement_acts_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agenda_acts_card" ON "agenda_acts" USING btree ("card_id","at");--> statement-breakpoint
CREATE INDEX "card_links_card" ON "card_links" USING btree ("card_id");--> statement-breakpoint
CREATE INDEX "card_links_with" ON "card_links" USING btree ("with_card_id");--> statement-breakpoint
CREATE INDEX "card_stages_card" ON "card_stages" USING btree ("card_id","at");--> statement-breakpoint
CREATE INDEX "meeting_phases_meeting" ON "meeting_phases" USING btree ("meeting_id","at");--> statement-breakpoint
CREATE INDEX "member_changes_member" ON "member_changes" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "statement_acts_meeting" ON "statement_acts" USING btree ("meeting_id","at");
--> statement-breakpoint
CREATE TRIGGER meeting_phases_immutable BEFORE UPDATE OR DELETE ON meeting_phases FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER statement_acts_immutable BEFORE UPDATE OR DELETE ON statement_acts FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER card_stages_immutable BEFORE UPDATE OR DELETE ON card_stages FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER agenda_acts_immutable BEFORE UPDATE OR DELETE ON agenda_acts FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER card_links_immutable BEFORE UPDATE OR DELETE ON card_links FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER member_changes_immutable BEFORE UPDATE OR DELETE ON member_changes FOR EACH ROW EXECUTE FUNCTION refuse_change();
