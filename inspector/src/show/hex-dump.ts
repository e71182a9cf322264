import { toCount } from './duration.js';

const MOST_BYTES = 8_192;

/** Bytes in rows of sixteen, with the characters that they are in ASCII. */
export function toHexDump(bytes: Uint8Array): string {
  const rows: string[] = [];
  const end = Math.min(bytes.length, MOST_BYTES);
  for (let at = 0; at < end; at += 16) {
    const row = [...bytes.subarray(at, Math.min(at + 16, end))];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0'));
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·'));
    const left = `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`;
    rows.push(`${at.toString(16).padStart(6, '0')}  ${left.padEnd(48)}  ${text.join('')}`);
  }
  const rest = bytes.length - end;
  return rest > 0 ? `${rows.join('\n')}\n… ${toCount(rest)} bytes more` : rows.join('\n');
}
