import { builtin } from '../model/builtin.js';

/** A key and its certificate, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 86_400_000;

/**
 * A new certificate, signed by itself, of `localhost`, 127.0.0.1, ::1 and other names. `node:crypto` has keys
 * and signatures; what stands around them is written here (RFC 5280, section 4.1).
 * @param names hosts and addresses.
 */
export function createCertificate(names: readonly string[] = []): Certificate {
  const { generateKeyPairSync, randomBytes, sign } = builtin('node:crypto', OTHERWISE);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(oid(COMMON_NAME), der(0x0c, text('millrace emulator')))));
  const now = Date.now();
  const signed = sequence(
    der(0xa0, der(2, [2])), // Version 3.
    der(2, [1, ...randomBytes(15)]),
    sequence(oid(ECDSA_SHA256)),
    name,
    sequence(time(now - DAY_MS), time(now + 365 * DAY_MS)),
    name,
    [...publicKey.export({ type: 'spki', format: 'der' })],
    der(
      0xa3,
      sequence(
        sequence(oid(BASIC_CONSTRAINTS), der(1, [0xff]), der(4, sequence(der(1, [0xff])))),
        sequence(oid(SUBJECT_ALT_NAME), der(4, sequence(...altNames(names)))),
      ),
    ),
  );
  const signature = [...sign('sha256', Uint8Array.from(signed), privateKey)];
  const certificate = sequence(signed, sequence(oid(ECDSA_SHA256)), der(3, [0, ...signature]));
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: pem(certificate),
  };
}

const OTHERWISE = 'certificates need node:crypto: pass key and cert';

// Object identifiers, as they are encoded.
const COMMON_NAME = [0x55, 4, 3];
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11];
const ECDSA_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];

function altNames(names: readonly string[]): number[][] {
  const dnsName = (name: string): number[] => der(0x82, text(name));
  const address = (bytes: number[]): number[] => der(0x87, bytes);
  const isIPv4 = (name: string): boolean => /^\d+(\.\d+){3}$/.test(name);
  const hosts = ['localhost', ...names.filter((name) => !isIPv4(name) && !name.includes(':'))];
  return [
    ...hosts.map(dnsName),
    ...['127.0.0.1', ...names.filter(isIPv4)].map((name) => address(name.split('.').map(Number))),
    address([...Array(15).fill(0), 1]),
  ];
}

/** One value: tag, length, content. */
function der(tag: number, content: readonly number[]): number[] {
  const { length } = content;
  if (length < 0x80) return [tag, length, ...content];
  if (length < 0x100) return [tag, 0x81, length, ...content];
  return [tag, 0x82, length >> 8, length & 0xff, ...content];
}

const sequence = (...parts: readonly number[][]): number[] => der(0x30, parts.flat());
const set = (part: number[]): number[] => der(0x31, part);
const oid = (bytes: readonly number[]): number[] => der(6, bytes);
const text = (value: string): number[] => [...new TextEncoder().encode(value)];
/** UTCTime: `YYMMDDhhmmssZ`. */
const time = (ms: number): number[] =>
  der(0x17, text(`${new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14)}Z`));

function pem(bytes: readonly number[]): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
