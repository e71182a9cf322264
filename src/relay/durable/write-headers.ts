import { BadRequestError } from '../../errors.js';
import type { ProducerPosition } from './payloads.js';

/** What the headers of a write say. */
export interface WriteHeaders {
  contentType: string | null;
  seq: string | undefined;
  closes: boolean;
  producer: ProducerPosition | undefined;
}

/** @throws BadRequestError for headers that the protocol doesn't allow. */
export function writeHeaders({ headers }: Request): WriteHeaders {
  return {
    contentType: headers.get('content-type'),
    seq: headers.get('stream-seq') ?? undefined,
    closes: headers.get('stream-closed') === 'true',
    producer: producerIn(headers),
  };
}

/** How long a created stream is kept. @throws BadRequestError for values that are no times. */
export function lifetimeIn(headers: Headers): { ttl?: number; expiresAt?: string } {
  const ttl = headers.get('stream-ttl');
  const expiresAt = headers.get('stream-expires-at');
  if (ttl !== null && expiresAt !== null)
    throw bad('send Stream-TTL or Stream-Expires-At, not both');
  if (ttl !== null && !/^(0|[1-9]\d{0,9})$/.test(ttl)) {
    throw bad(`Stream-TTL is ${JSON.stringify(ttl)}: write seconds, such as 3600`);
  }
  if (expiresAt !== null && Number.isNaN(Date.parse(expiresAt))) {
    throw bad(`Stream-Expires-At is ${JSON.stringify(expiresAt)}: write a time of ISO 8601`);
  }
  return {
    ...(ttl === null ? {} : { ttl: Number(ttl) }),
    ...(expiresAt === null ? {} : { expiresAt }),
  };
}

export function bad(message: string): BadRequestError {
  return new BadRequestError(message, { status: 400, type: 'invalid_request_error' });
}

function producerIn(headers: Headers): ProducerPosition | undefined {
  const [id, epoch, seq] = ['producer-id', 'producer-epoch', 'producer-seq'].map((name) =>
    headers.get(name),
  ) as [string | null, string | null, string | null];
  if (id === null && epoch === null && seq === null) return undefined;
  if (id === null || epoch === null || seq === null) {
    throw bad('send Producer-Id, Producer-Epoch and Producer-Seq together');
  }
  if (id === '') throw bad('Producer-Id is empty');
  return { id, epoch: wholeNumber('Producer-Epoch', epoch), seq: wholeNumber('Producer-Seq', seq) };
}

function wholeNumber(name: string, text: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw bad(`${name} is ${JSON.stringify(text)}: write a whole number`);
}
