// What a signed-in browser is given to wrap the keys of what it keeps while it has no line, and how long it may
// stand idle. The server gives it, and sessionStorage brings it back after a reload: parsed at both edges.
import * as z from 'zod';

const wrapping = z.object({
  id: z.uuid(),
  /** 32 bytes, base64url. */
  key: z.string().regex(/^[\w-]{43}$/)
});

export const deviceKeys = z.object({
  userId: z.uuid(),
  /** This session's own. */
  current: wrapping,
  /** Those of this person's sessions that ended within the last day. */
  earlier: z.array(wrapping),
  idleMinutes: z.number().positive()
});

export type Wrapping = z.output<typeof wrapping>;
export type DeviceKeys = z.output<typeof deviceKeys>;
