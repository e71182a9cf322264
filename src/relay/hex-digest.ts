import { nodeCrypto } from './node-modules.js';

/** The digest of a text as hex. */
export async function hexDigest(algorithm: 'SHA-1' | 'SHA-256', text: string): Promise<string> {
  const node = nodeCrypto();
  // A start waits for it: a thread of WebCrypto answers after a tenth of a millisecond at best.
  if (node !== undefined) return node.createHash(NAMES[algorithm]).update(text).digest('hex');
  const digest = await crypto.subtle.digest(algorithm, new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const NAMES = { 'SHA-1': 'sha1', 'SHA-256': 'sha256' } as const;
