import { END, toEntries } from '../engine.js';
import type { HandleContext } from '../handle-context.js';
import { missingError } from '../log-writer.js';
import type { End } from '../payloads.js';
import type { Replica } from '../replica.js';
import { randomTag } from '../wire-id.js';
import { bodyOf } from './body.js';
import { encodeBody, mediaType } from './created.js';
import { offsetAt } from './offset.js';
import { lifetimeMs, openCreated } from './open-created.js';
import type { Created, Write } from './payloads.js';
import { refusedProducer } from './refused-producer.js';
import { conflict, noContent, reply } from './reply.js';
import { bad, type WriteHeaders, writeHeaders } from './write-headers.js';
import { WriteState } from './write-state.js';

/** Appends to a stream that was created by PUT, or closes it. */
export async function durableWrite(request: Request, context: HandleContext): Promise<Response> {
  const headers = writeHeaders(request);
  const body = await bodyOf(request, context.settings.maxBytes);
  if (body.length === 0 && !headers.closes) throw bad('the body is empty');
  if (body.length > 0 && headers.contentType === null) throw bad('Content-Type is missing');
  const { replica, created, release } = await openCreated(context);
  try {
    return await inTurn(replica, () => write(context, { replica, created, headers, body }));
  } finally {
    release();
  }
}

interface Writing {
  replica: Replica;
  created: Created;
  headers: WriteHeaders;
  body: Uint8Array;
}

/** Tries until no other process was faster. */
async function write(context: HandleContext, writing: Writing): Promise<Response> {
  const { engine } = context.settings;
  const { replica, headers, body, created } = writing;
  for (;;) {
    const refused = judge(writing);
    if (refused !== undefined) return refused;
    const content = body.length === 0 ? undefined : contentOf(writing);
    if (replica.size + body.length > context.settings.maxBytes) return tooLarge(context);
    const options = { ttl: lifetimeMs(context, created), end: endOf(headers) };
    const at = { epoch: replica.epoch + 1, seq: 0 };
    const outcome =
      content === undefined
        ? await engine.append(replica.id, END, [], options)
        : await engine.append(replica.id, at, [content], options);
    if (outcome === 'gone') throw missingError(replica.id);
    if (outcome === 'ok' && content !== undefined) {
      replica.take(toEntries(at, [content], options.end));
    } else await replica.sync();
    if (outcome === 'ok') return written(writing);
  }
}

function contentOf({ created, headers: { seq, producer }, body }: Writing): string {
  let content: Omit<Write, 'by'>;
  try {
    content = encodeBody(created, body);
  } catch {
    throw bad('the body is no JSON');
  }
  if (content.json?.length === 0) throw bad('the list of messages is empty');
  return JSON.stringify({ ...content, seq, producer, by: randomTag() } satisfies Write);
}

function endOf({ closes, producer }: WriteHeaders): string | undefined {
  if (!closes) return undefined;
  return JSON.stringify({ state: 'complete', producer, by: randomTag() } satisfies End);
}

/** The answer to a write that is not to be made: it was made before, or it must not be. */
function judge({ replica, created, headers, body }: Writing): Response | undefined {
  const { contentType, seq, producer, closes } = headers;
  const state = WriteState.of(replica);
  if (producer !== undefined) {
    const refused = refusedProducer(replica, producer, state.producer(producer.id));
    if (refused !== undefined) return refused;
  }
  if (replica.end !== undefined) {
    const isRepeated = closes && body.length === 0 && producer === undefined;
    return isRepeated ? noContent(replica) : conflict('the stream is closed', closed(replica));
  }
  if (body.length > 0 && mediaType(contentType ?? '') !== mediaType(created.contentType)) {
    return conflict(`the stream has the content type ${created.contentType}`);
  }
  if (seq !== undefined && state.seq !== undefined && seq <= state.seq) {
    return conflict(`Stream-Seq must be above ${JSON.stringify(state.seq)}`);
  }
  return undefined;
}

function closed(replica: Replica): Record<string, string> {
  return {
    'stream-closed': 'true',
    'stream-next-offset': offsetAt(replica, replica.entries.length),
  };
}

function written({ replica, headers: { producer }, body }: Writing): Response {
  const position =
    producer === undefined
      ? {}
      : { 'producer-epoch': String(producer.epoch), 'producer-seq': String(producer.seq) };
  if (producer === undefined || body.length === 0) return noContent(replica, position);
  return reply(200, {
    ...position,
    'stream-next-offset': offsetAt(replica, replica.entries.length),
    ...(replica.end === undefined ? {} : { 'stream-closed': 'true' }),
  });
}

function tooLarge({ settings }: HandleContext): Response {
  return reply(413, {}, 'request_too_large', `the stream may have ${settings.maxBytes} bytes`);
}

/** Writes of one process are made one after the other. */
function inTurn<T>(replica: Replica, work: () => Promise<T>): Promise<T> {
  const before = turns.get(replica) ?? Promise.resolve();
  const result = before.then(work);
  turns.set(
    replica,
    result.then(
      () => {},
      () => {},
    ),
  );
  return result;
}

const turns = /* @__PURE__ */ new WeakMap<Replica, Promise<void>>();
