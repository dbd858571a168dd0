ALTER TABLE "overhear_confirmations" DROP CONSTRAINT "overhear_confirmations_once";--> statement-breakpoint
ALTER TABLE "statement_acts" DROP CONSTRAINT "statement_acts_act";--> statement-breakpoint
ALTER TABLE "overhear_confirmations" ADD COLUMN "alone" boolean DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX "overhear_confirmations_meeting" ON "overhear_confirmations" USING btree ("meeting_id","at");--> statement-breakpoint
ALTER TABLE "statement_acts" ADD CONSTRAINT "statement_acts_act" CHECK ("statement_acts"."act" in ('read', 'not-read', 'agreed'));