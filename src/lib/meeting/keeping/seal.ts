// How what a browser keeps is encrypted: a data key of the session's own, AES-GCM, which no script can read out
// once it is in use, and which lies on the device only wrapped (AES-KW) by a key that the server gives.
// Carries OFFLINE3.

/** Bytes as Web Crypto takes them: in a buffer of their own. */
export type Bytes = Uint8Array<ArrayBuffer>;

export interface Sealed {
  readonly iv: Bytes;
  readonly bytes: Bytes;
}

const algorithm = { name: 'AES-GCM', length: 256 } as const;
const uses: KeyUsage[] = ['encrypt', 'decrypt'];

/** The server's key, as it is written (32 bytes, base64url), ready to wrap. */
export function wrappingKey(written: string): Promise<CryptoKey> {
  const text = atob(written.replaceAll('-', '+').replaceAll('_', '/'));
  const raw = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey('raw', raw, 'AES-KW', false, ['wrapKey', 'unwrapKey']);
}

/** A new data key, wrapped: it can be read out only while it is made. */
export async function makeDataKey(wrapping: CryptoKey): Promise<Bytes> {
  const key = await crypto.subtle.generateKey(algorithm, true, uses);
  return new Uint8Array(await crypto.subtle.wrapKey('raw', key, wrapping, 'AES-KW'));
}

/** The data key, not extractable; undefined where another key wrapped it. */
export async function unwrapDataKey(wrapping: CryptoKey, wrapped: Bytes): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.unwrapKey('raw', wrapped, wrapping, 'AES-KW', algorithm, false, uses);
  } catch {
    return undefined; // not ours to open
  }
}

/** Encrypts; `about` is bound to it, so that one record can't be passed off as another. */
export async function seal(key: CryptoKey, plain: Bytes, about: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(about);
  const bytes = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plain);
  return { iv, bytes: new Uint8Array(bytes) };
}

/** Decrypts; undefined where the key, the bytes or what they are about differ. */
export async function unseal(
  key: CryptoKey,
  { iv, bytes }: Sealed,
  about: string
): Promise<Bytes | undefined> {
  try {
    const additionalData = new TextEncoder().encode(about);
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, bytes));
  } catch {
    return undefined; // changed, or not ours to open
  }
}
