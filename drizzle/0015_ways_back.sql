ALTER TABLE "agenda_acts" DROP CONSTRAINT "agenda_acts_act";--> statement-breakpoint
ALTER TABLE "member_changes" DROP CONSTRAINT "member_changes_act";--> statement-breakpoint
ALTER TABLE "added_minutes" DROP CONSTRAINT "added_minutes_some";--> statement-breakpoint
ALTER TABLE "dissents" ALTER COLUMN "reason" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "agenda_acts" ADD CONSTRAINT "agenda_acts_act" CHECK ("agenda_acts"."act" in ('moved', 'parked', 'taken-back', 'withdrawn', 'put-back'));--> statement-breakpoint
ALTER TABLE "member_changes" ADD CONSTRAINT "member_changes_act" CHECK ("member_changes"."act" in ('added', 'mended', 'taken-off'));--> statement-breakpoint
ALTER TABLE "added_minutes" ADD CONSTRAINT "added_minutes_some" CHECK ("added_minutes"."minutes" between -60 and 60 and "added_minutes"."minutes" <> 0);