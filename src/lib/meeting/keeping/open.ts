// Opens what this browser keeps for whoever is signed in. The wrapping keys come from the server, and lie in
// sessionStorage, so that a reload of this tab works without a line and a new tab does not.
import { deviceKeys, type DeviceKeys } from '#lib/protocol/device-key.ts';
import { Keeping, longestWait } from './Keeping.ts';
import { openShelf } from './shelf.ts';

const place = 'same-room/device-keys';
/** How long the server may take to give the keys before those of before are used, in milliseconds. */
const patience = 2500;

/** The keys that this tab was given before a reload. */
export function rememberedKeys(): DeviceKeys | undefined {
  try {
    const parsed = deviceKeys.safeParse(JSON.parse(sessionStorage.getItem(place) ?? 'null'));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // not what we put there
  }
}

/** From now on this tab opens nothing of what is kept, until its person is signed in again. */
export function forgetKeys(): void {
  sessionStorage.removeItem(place);
}

/**
 * Opens what is kept here for the person who is signed in.
 * @param line false: there is none to ask for the keys by
 * @returns undefined where nothing can be kept: signed out, no keys, or a browser without the place for it
 */
export async function openKeeping(line: boolean): Promise<Keeping | undefined> {
  try {
    const asked = line ? await askForKeys() : 'no answer';
    if (asked === 'signed out') {
      forgetKeys();
      return undefined;
    }
    const keys = asked === 'no answer' ? rememberedKeys() : asked;
    if (!keys) return undefined;
    return await Keeping.open({ shelf: await openShelf(), keys, now: () => Date.now() });
  } catch (error) {
    // A private window, a full disk: the board works as before, and says by itself what is not saved.
    console.warn('This browser keeps nothing while it is offline', error);
    return undefined;
  }
}

/** Deletes what has waited on this device for a day, whoever's it is. */
export async function forgetExpired(): Promise<void> {
  try {
    const shelf = await openShelf();
    await shelf.expire(Date.now() - longestWait);
    shelf.close();
  } catch {
    // No place to keep anything is nothing to delete.
  }
}

async function askForKeys(): Promise<DeviceKeys | 'signed out' | 'no answer'> {
  try {
    const signal = AbortSignal.timeout(patience);
    const answer = await fetch('/api/device-keys', { method: 'POST', signal });
    if (answer.status === 401) return 'signed out';
    if (!answer.ok) return 'no answer';
    const keys = deviceKeys.parse(await answer.json());
    sessionStorage.setItem(place, JSON.stringify(keys));
    return keys;
  } catch {
    return 'no answer';
  }
}
