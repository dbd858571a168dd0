ALTER TABLE "areas" ADD COLUMN "rehearsal_of" uuid;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "rehearsal_area_id" uuid;--> statement-breakpoint
ALTER TABLE "areas" ADD CONSTRAINT "areas_rehearsal_of_users_id_fk" FOREIGN KEY ("rehearsal_of") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_rehearsal_area_id_areas_id_fk" FOREIGN KEY ("rehearsal_area_id") REFERENCES "public"."areas"("id") ON DELETE no action ON UPDATE no action;