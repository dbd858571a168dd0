CREATE TABLE "hands" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"meeting_id" uuid NOT NULL,
	"by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"user_id" uuid,
	"name" text,
	"agency_id" uuid,
	"act" text NOT NULL,
	CONSTRAINT "hands_who" CHECK (("hands"."user_id" is null) <> ("hands"."name" is null)),
	CONSTRAINT "hands_act" CHECK ("hands"."act" in ('raised', 'lowered'))
);
--> statement-breakpoint
CREATE TABLE "laptops" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"meeting_id" uuid NOT NULL,
	"by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"user_id" uuid NOT NULL,
	"agency_id" uuid NOT NULL,
	"act" text NOT NULL,
	CONSTRAINT "laptops_act" CHECK ("laptops"."act" in ('shared', 'ended'))
);
--> statement-breakpoint
ALTER TABLE "dissents" ADD COLUMN "laptop_of" uuid;--> statement-breakpoint
ALTER TABLE "ratings" ADD COLUMN "laptop_of" uuid;--> statement-breakpoint
ALTER TABLE "record_states" ADD COLUMN "laptop_of" uuid;--> statement-breakpoint
ALTER TABLE "hands" ADD CONSTRAINT "hands_meeting_id_meetings_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hands" ADD CONSTRAINT "hands_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hands" ADD CONSTRAINT "hands_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hands" ADD CONSTRAINT "hands_agency_id_agencies_id_fk" FOREIGN KEY ("agency_id") REFERENCES "public"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "laptops" ADD CONSTRAINT "laptops_meeting_id_meetings_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "laptops" ADD CONSTRAINT "laptops_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "laptops" ADD CONSTRAINT "laptops_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "laptops" ADD CONSTRAINT "laptops_agency_id_agencies_id_fk" FOREIGN KEY ("agency_id") REFERENCES "public"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "hands_meeting" ON "hands" USING btree ("meeting_id","at");--> statement-breakpoint
CREATE INDEX "laptops_meeting" ON "laptops" USING btree ("meeting_id","at");--> statement-breakpoint
ALTER TABLE "dissents" ADD CONSTRAINT "dissents_laptop_of_agencies_id_fk" FOREIGN KEY ("laptop_of") REFERENCES "public"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_laptop_of_agencies_id_fk" FOREIGN KEY ("laptop_of") REFERENCES "public"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "record_states" ADD CONSTRAINT "record_states_laptop_of_agencies_id_fk" FOREIGN KEY ("laptop_of") REFERENCES "public"."agencies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE TRIGGER hands_immutable BEFORE UPDATE OR DELETE ON hands FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER laptops_immutable BEFORE UPDATE OR DELETE ON laptops FOR EACH ROW EXECUTE FUNCTION refuse_change();
