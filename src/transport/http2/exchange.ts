import http2, {
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { APITimeoutError } from '../../errors.js';
import { addressOf } from '../address.js';
import { decodedBody } from '../decoded-body.js';
import { NodeHead } from '../node-head.js';
import type { TransportRequest, TransportResponse } from '../port.js';
import { type BodySource, ReadableBody } from '../readable-body.js';
import { type Target, throughProxy } from '../target.js';
import { isClosedWith, toFailure } from './failure.js';
import type { Http1, SessionPool } from './pool.js';
import { Session, type SessionStream } from './session.js';

/** How often a request moves to another session because the server did not process it. */
const MAX_MOVES = 2;

/**
 * Sends a request over a session of the pool. One that the server certainly did not process moves to another
 * session: that is no retry, and waits for nothing.
 * @returns the response, or the word that the server wants HTTP/1.1.
 */
export async function exchangeOverHttp2(
  pool: SessionPool,
  request: TransportRequest,
  target: Target,
): Promise<TransportResponse | Http1> {
  for (let moves = 0; ; moves++) {
    const found = pool.acquireNow() ?? (await acquire(pool, target));
    if (!(found instanceof Session)) return found;
    try {
      return await exchange(request, { pool, session: found, target });
    } catch (error) {
      if (!(error instanceof NotProcessed)) throw error;
      if (moves === MAX_MOVES) throw throughProxy(error.cause, target, 'response');
    }
  }
}

async function acquire(pool: SessionPool, target: Target): Promise<Session | Http1> {
  try {
    return await pool.acquire(target.signal);
  } catch (error) {
    throw throughProxy(error, target, 'response');
  }
}

/** The server did not process a request, and never will. */
class NotProcessed {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

interface Context {
  pool: SessionPool;
  session: Session;
  target: Target;
}

/** @throws NotProcessed, or what it failed with. */
function exchange(request: TransportRequest, context: Context): Promise<TransportResponse> {
  const { session, target } = context;
  if (target.signal.aborted) {
    session.release();
    return Promise.reject(target.signal.reason);
  }
  let sent: SessionStream;
  try {
    sent = session.open(toHeaders(request), request.body === undefined);
  } catch (error) {
    // It was closed after it had been chosen.
    session.retire();
    session.release();
    return Promise.reject(new NotProcessed(error));
  }
  // What waits for the response doesn't have the request: its body can be megabytes.
  const response = responseTo(sent, context);
  if (request.body !== undefined) sent.stream.end(request.body);
  return response;
}

function responseTo(sent: SessionStream, context: Context): Promise<TransportResponse> {
  return new Promise((resolve, reject) => new Exchange(sent, context, reject).begin(resolve));
}

/** A request that was sent. A class: closures would take 300 bytes of an idle stream. */
class Exchange implements BodySource {
  readonly stream: ClientHttp2Stream;
  readonly #sent: SessionStream;
  readonly #context: Context;
  readonly #reject: (error: unknown) => void;
  #body: ReadableBody | undefined;

  constructor(sent: SessionStream, context: Context, reject: (error: unknown) => void) {
    this.stream = sent.stream;
    this.#sent = sent;
    this.#context = context;
    this.#reject = reject;
  }

  begin(resolve: (response: TransportResponse) => void): void {
    const { stream } = this;
    const { session, target } = this.#context;
    const { signal } = target;
    const abort = (): void => this.#abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const responded = (headers: IncomingHttpHeaders, _: number, raw: string[]): void => {
      stream.off('response', responded);
      // In this turn: a failure that arrives with the headers must find someone who keeps what came first.
      const body = new ReadableBody(this);
      this.#body = body;
      const head = new NodeHead(Number(headers[':status']), '', raw);
      resolve({ head, body: decodedBody(body, head.header('content-encoding')) });
    };
    stream.on('response', responded);
    // Never removed: a connection can fail at any time, and an unhandled error would end the process.
    stream.on('error', (error) => this.#fail(error));
    stream.on('close', () => {
      signal.removeEventListener('abort', abort);
      // A body sees it itself.
      if (this.#body === undefined) this.#fail(new Error('the connection was closed'));
      session.release();
    });
  }

  close(): void {
    this.stream.close(http2.constants.NGHTTP2_CANCEL);
    this.stream.destroy();
  }

  isWhole(): boolean {
    return isClosedWith(this.stream, 'NO_ERROR');
  }

  describe(error: unknown): unknown {
    const { pool, session, target } = this.#context;
    if (session.isBroken) pool.suspect();
    return throughProxy(toFailure(error, this.stream), target, 'idle');
  }

  #abort(reason: unknown): void {
    // What took too long may be a connection that is dead.
    if (reason instanceof APITimeoutError) distrust(this.#context);
    this.#fail(reason);
    this.close();
  }

  #fail(error: unknown): void {
    const { signal } = this.#context.target;
    if (this.#body !== undefined) this.#body.fail(error);
    else this.#reject(signal.aborted ? signal.reason : failureOf(error, this.#sent, this.#context));
  }
}

/** What a request without a response failed with; NotProcessed where it can be sent again. */
function failureOf(error: unknown, sent: SessionStream, context: Context): unknown {
  const { pool, session, target } = context;
  const { stream } = sent;
  const failure = toFailure(error, stream);
  if (session.isBroken) pool.suspect();
  if (isClosedWith(stream, 'HTTP_1_1_REQUIRED')) pool.useHttp1();
  else if (!session.isUnprocessed(sent)) return throughProxy(failure, target, 'response');
  else if (session.serverLimit !== 0) session.retire();
  return new NotProcessed(failure);
}

/** A session that does not answer takes no new streams, and neither do the others until they show life. */
function distrust({ session, pool }: Context): void {
  session.retire();
  session.ping();
  pool.suspect();
}

function toHeaders({ method, url, headers, body }: TransportRequest): OutgoingHttpHeaders {
  const { path, authority } = addressOf(url);
  return {
    ':method': method,
    ':path': path,
    ':authority': authority,
    ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...headers,
    // Not to be kept in the tables of those on the way.
    [http2.sensitiveHeaders]: SENSITIVE,
  };
}

const SENSITIVE = ['authorization', 'x-api-key'];
