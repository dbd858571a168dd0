CREATE TABLE "legends" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"area_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"valid_from" date NOT NULL,
	"content" jsonb NOT NULL,
	"by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "legends_version" UNIQUE("area_id","version"),
	CONSTRAINT "legends_counted" CHECK ("legends"."version" > 0)
);
--> statement-breakpoint
ALTER TABLE "legends" ADD CONSTRAINT "legends_area_id_areas_id_fk" FOREIGN KEY ("area_id") REFERENCES "public"."areas"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "legends" ADD CONSTRAINT "legends_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE TRIGGER legends_immutable BEFORE UPDATE OR DELETE ON legends FOR EACH ROW EXECUTE FUNCTION refuse_change();
