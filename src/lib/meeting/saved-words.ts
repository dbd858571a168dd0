// The saved state in words, as the top bar and the banner say it. Pure: the time comes in.
// Carries SAVED1 and SAVED4: 'Saved' is said only of what the server has stored.

export interface Connection {
  /** Every document of the card, and the meeting itself, are connected. */
  readonly up: boolean;
  /** They have been once. */
  readonly been: boolean;
  /** When the line was lost; null while it is up. Milliseconds, as all times here but `savedAt`. */
  readonly lostAt: number | null;
  /** When it came back with everything saved, and how many changes had been kept meanwhile. */
  readonly back: { readonly at: number; readonly kept: number } | null;
}

export interface Written {
  readonly count: number;
  readonly oldest: number | null;
  readonly lastWrite: number;
  readonly savedAt: string | null;
}

export interface SavedWords {
  readonly kind: 'opening' | 'offline' | 'back' | 'saving' | 'sending' | 'saved' | 'connected';
  /** For the top bar. */
  readonly short: string;
  /** For the banner and the screen reader; null where there is nothing to say beyond the short form. */
  readonly long: string | null;
}

/** A line that is lost for less than this is not spoken of, in milliseconds. */
const patience = 1500;
/** 'Saved' is not shown between the strokes of one who is typing, in milliseconds. */
const pause = 400;

/** What to say. */
export function savedWords(line: Connection, written: Written, now: number): SavedWords {
  const { count } = written;
  if (!line.been && line.lostAt === null) return { kind: 'opening', short: 'Connecting', long: null };
  if (!line.up && line.lostAt !== null && now - line.lostAt >= patience) {
    const kept = count === 0 ? '' : ` ${changes(count)} ${count === 1 ? 'is' : 'are'} kept on this device.`;
    const long = `You are offline since ${clock(line.lostAt)}.${kept} Rating and hands need a connection.`;
    return { kind: 'offline', short: 'Offline', long };
  }
  if (count > 0) {
    const waiting = written.oldest !== null && now - written.oldest >= 1000;
    if (waiting) return { kind: 'sending', short: `Sending ${changes(count)}`, long: null };
    return { kind: 'saving', short: 'Saving', long: null };
  }
  if (line.back && line.back.kept > 0 && now - line.back.at < 5000) {
    const kept = line.back.kept;
    const long = `Back. Your ${changes(kept)} ${kept === 1 ? 'is' : 'are'} saved.`;
    return { kind: 'back', short: 'Saved', long };
  }
  if (written.savedAt === null) return { kind: 'connected', short: 'Connected', long: null };
  if (now - written.lastWrite < pause) return { kind: 'saving', short: 'Saving', long: null };
  return { kind: 'saved', short: `Saved ${clock(Date.parse(written.savedAt))}`, long: null };
}

/** Hours and minutes on this device's clock. */
export function clock(at: number | string): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(new Date(at));
}

function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}
