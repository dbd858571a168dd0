import type { Session } from '#server/identity/session.ts';
import type { Services } from '#server/services.ts';

declare global {
  namespace App {
    interface Locals {
      services: Services;
      session: Session | null;
    }
    interface Error {
      message: string;
      /** What the log knows this fault by. */
      id?: string;
    }
  }
}

export {};
