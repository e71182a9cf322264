import type { Replica } from '../replica.js';
import type { ProducerPosition } from './payloads.js';
import { conflict, noContent, reply } from './reply.js';
import { bad } from './write-headers.js';

/**
 * The answer to a write whose producer is not where it should be: 204 where it was made before, 403 where a later epoch
 * has begun, 409 where writes are missing. Undefined for a write that is next.
 * @throws BadRequestError for an epoch that does not begin with 0.
 */
export function refusedProducer(
  replica: Replica,
  sent: ProducerPosition,
  known: ProducerPosition | undefined,
): Response | undefined {
  if (known !== undefined && sent.epoch < known.epoch) {
    const headers = { 'producer-epoch': String(known.epoch) };
    return reply(403, headers, 'permission_error', 'the producer has begun a later epoch');
  }
  const isSameEpoch = known?.epoch === sent.epoch;
  if (replica.end !== undefined) {
    const { producer } = replica.end;
    const isClosing = isSameEpoch && producer?.id === sent.id && producer.seq === sent.seq;
    return isClosing ? repeated(replica, sent.epoch, sent.seq) : undefined;
  }
  if (known !== undefined && isSameEpoch && sent.seq <= known.seq) {
    return repeated(replica, known.epoch, known.seq);
  }
  if (known !== undefined && !isSameEpoch && sent.seq !== 0) {
    throw bad('Producer-Seq must be 0 in a new epoch');
  }
  const expected = known !== undefined && isSameEpoch ? known.seq + 1 : 0;
  if (sent.seq === expected) return undefined;
  return conflict('writes of the producer are missing', {
    'producer-expected-seq': String(expected),
    'producer-received-seq': String(sent.seq),
  });
}

function repeated(replica: Replica, epoch: number, seq: number): Response {
  return noContent(replica, { 'producer-epoch': String(epoch), 'producer-seq': String(seq) });
}
