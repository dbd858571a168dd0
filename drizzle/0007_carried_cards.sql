CREATE TABLE "carried_cards" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"card_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "carried_cards_once" UNIQUE("card_id")
);
--> statement-breakpoint
ALTER TABLE "carried_cards" ADD CONSTRAINT "carried_cards_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "carried_cards" ADD CONSTRAINT "carried_cards_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE TRIGGER carried_cards_immutable BEFORE UPDATE OR DELETE ON carried_cards FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER carried_cards_kept BEFORE TRUNCATE ON carried_cards FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
