// Who may read what the house counts of itself: whoever says the token, or, where none is set, this machine, asked
// for by its own name and past every proxy. For anyone else there is no such page. Carries HEALTH4.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Config } from '../config.ts';

/** Says whether this request may read the metrics. */
export function mayReadMetrics(
  { metricsToken }: Pick<Config, 'metricsToken'>,
  { headers, socket }: Pick<IncomingMessage, 'headers'> & { readonly socket: { remoteAddress?: string } }
): boolean {
  if (metricsToken !== undefined) return same(headers.authorization ?? '', `Bearer ${metricsToken}`);
  const proxied = Object.keys(headers).some(
    (name) => name === 'forwarded' || name.startsWith('x-forwarded-')
  );
  return (
    !proxied &&
    /^(::1|(::ffff:)?127(\.\d+){3})$/.test(socket.remoteAddress ?? '') &&
    /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(headers.host ?? '')
  );
}

/** Compares without telling by its time how much was right. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
