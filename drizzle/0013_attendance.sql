CREATE TABLE "pulse_answered" (
	"meeting_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	CONSTRAINT "pulse_answered_meeting_id_user_id_pk" PRIMARY KEY("meeting_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "pulse_counts" (
	"area_id" uuid NOT NULL,
	"month" text NOT NULL,
	"mode" text NOT NULL,
	"follow_yes" integer DEFAULT 0 NOT NULL,
	"follow_partly" integer DEFAULT 0 NOT NULL,
	"follow_no" integer DEFAULT 0 NOT NULL,
	"heard_yes" integer DEFAULT 0 NOT NULL,
	"heard_partly" integer DEFAULT 0 NOT NULL,
	"heard_no" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "pulse_counts_area_id_month_mode_pk" PRIMARY KEY("area_id","month","mode"),
	CONSTRAINT "pulse_counts_mode" CHECK ("pulse_counts"."mode" in ('room', 'remote'))
);
--> statement-breakpoint
ALTER TABLE "pulse_answered" ADD CONSTRAINT "pulse_answered_meeting_id_meetings_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pulse_answered" ADD CONSTRAINT "pulse_answered_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pulse_counts" ADD CONSTRAINT "pulse_counts_area_id_areas_id_fk" FOREIGN KEY ("area_id") REFERENCES "public"."areas"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_connections" ON "audit_events" USING btree ("meeting_id","at") WHERE "audit_events"."card_id" is null and "audit_events"."act" in ('connected', 'disconnected');