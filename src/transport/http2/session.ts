import http2, {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { isClosedWith } from './failure.js';
import { watchSilence } from './silence.js';

/** Limits of a connection, in milliseconds and streams. */
export interface SessionLimits {
  /** The most streams at once; the server can allow fewer. */
  maxStreams: number;
  /** How long it is kept without a stream: many networks forget a silent connection, without telling its ends. */
  idle: number;
  /** After this it takes no new stream: servers move, and so do the addresses behind a name. */
  age: number;
  /** How long nothing may arrive for an open stream before the server is asked for a sign of life. */
  silence: number;
  /** How long that sign may take. */
  pong: number;
}

/** What a session reports to its pool. */
export interface SessionOwner {
  /** It can take a stream again, or knows how many. */
  onRoom: () => void;
  /** It takes no more. */
  onRetired: () => void;
}

/**
 * One connection that speaks HTTP/2. It counts its streams, and takes new ones while it is young, alive and
 * below the server's limit. With its last stream it lets the process end.
 */
export class Session {
  readonly #session: ClientHttp2Session;
  readonly #socket: TLSSocket;
  readonly #limits: SessionLimits;
  readonly #owner: SessionOwner;
  readonly #born = performance.now();
  #streams = 0;
  #served = 0;
  #serverLimit: number | undefined;
  #isRetired = false;
  #isAsked = false;
  #idleTimer: NodeJS.Timeout | undefined;
  #stopWatching: (() => void) | undefined;
  /** From GOAWAY. */
  #goaway: { code: number; lastStreamId: number } | undefined;

  constructor(origin: string, socket: TLSSocket, limits: SessionLimits, owner: SessionOwner) {
    this.#socket = socket;
    this.#limits = limits;
    this.#owner = owner;
    const session = http2.connect(origin, { ...OPTIONS, createConnection: () => socket });
    this.#session = session;
    // Each stream adds some.
    session.setMaxListeners(0);
    session.on('error', () => {}); // Its streams have it.
    session.once('connect', () => session.setLocalWindowSize(SESSION_WINDOW));
    // Kept: each request looks at it, and Node's getter costs.
    session.on('remoteSettings', ({ maxConcurrentStreams }) => {
      this.#serverLimit = maxConcurrentStreams;
      owner.onRoom();
    });
    session.on('goaway', (code, lastStreamId) => {
      this.#goaway ??= { code, lastStreamId };
      this.retire();
    });
    session.once('close', () => this.#closed());
    this.#becomeIdle();
  }

  get streams(): number {
    return this.#streams;
  }

  /** The server's limit; undefined before it has said one. */
  get serverLimit(): number | undefined {
    return this.#serverLimit;
  }

  /** How many more streams it takes now. Before the server has said its limit it is trusted with one. */
  get room(): number {
    const room = Math.min(this.#limits.maxStreams, this.serverLimit ?? 1) - this.#streams;
    // Each request looks at the sessions that are full: the clock comes last.
    return room <= 0 || this.#isAsked || this.#isOver ? 0 : room;
  }

  /** Whether the server has yet to say how many streams it takes: none is a word to wait, too. */
  get mayGetRoom(): boolean {
    return !this.serverLimit && !this.#isOver;
  }

  /** Reserves a stream. `release` gives it back. */
  reserve(): void {
    this.#streams++;
    if (this.#streams > 1) return;
    clearTimeout(this.#idleTimer);
    this.#session.ref();
    this.#stopWatching = watchSilence(
      () => this.#socket.bytesRead,
      () => this.ping(),
      this.#limits.silence,
    );
  }

  /** Opens a reserved stream. @throws where the session was closed in the meantime. */
  open(headers: OutgoingHttpHeaders, endStream: boolean): SessionStream {
    const stream = this.#session.request(headers, { endStream });
    return { stream, isReused: this.#served++ > 0, bytesBefore: this.#socket.bytesRead };
  }

  /** Whether it failed, rather than closed. */
  get isBroken(): boolean {
    return this.#session.destroyed;
  }

  /**
   * Whether the server has not processed a stream that failed, and never will: it says so, or it was gone before.
   * One that wants fewer requests doesn't get it again at once.
   */
  isUnprocessed({ stream, isReused, bytesBefore }: SessionStream): boolean {
    const isCalm = this.#goaway?.code === ENHANCE_YOUR_CALM;
    if (isCalm || isClosedWith(stream, 'ENHANCE_YOUR_CALM')) return false;
    if (isClosedWith(stream, 'REFUSED_STREAM')) return true;
    if (stream.id === undefined || stream.id > (this.#goaway?.lastStreamId ?? Infinity))
      return true;
    // As over HTTP/1.1, with a connection that was kept: it may have been dead before.
    return isReused && this.isBroken && this.#socket.bytesRead === bytesBefore;
  }

  release(): void {
    this.#streams--;
    if (this.#streams === 0) {
      this.#stopWatching?.();
      if (this.#isOver) this.close();
      else this.#becomeIdle();
    }
    this.#owner.onRoom();
  }

  /** No new streams: it closes with its last one. */
  retire(): void {
    if (this.#isRetired) return;
    this.#isRetired = true;
    this.#owner.onRetired();
    if (this.#streams === 0) this.close();
  }

  /** Asks the server for a sign of life. Until it comes there are no new streams; without it, it ends. */
  ping(): void {
    if (this.#isAsked || this.#session.destroyed) return;
    this.#isAsked = true;
    const { pong } = this.#limits;
    const silent = (): void =>
      this.#session.destroy(new Error(`no answer to a PING within ${pong} ms`));
    const timer = setTimeout(silent, pong).unref();
    this.#session.ping((error) => {
      clearTimeout(timer);
      this.#isAsked = false;
      if (error === null) this.#owner.onRoom();
    });
  }

  close(): void {
    this.#isRetired = true;
    this.#session.close();
    this.#owner.onRetired();
  }

  /** Whether it takes no new streams any more. */
  get #isOver(): boolean {
    if (this.#isRetired || this.#session.closed || this.#session.destroyed) return true;
    return performance.now() - this.#born > this.#limits.age;
  }

  #becomeIdle(): void {
    this.#session.unref();
    this.#idleTimer = setTimeout(() => this.retire(), this.#limits.idle).unref();
  }

  #closed(): void {
    clearTimeout(this.#idleTimer);
    this.#stopWatching?.();
    this.retire();
  }
}

const ENHANCE_YOUR_CALM = http2.constants.NGHTTP2_ENHANCE_YOUR_CALM;

/**
 * How much may arrive for a stream that is not read: with what `ReadAhead` takes, a stream that stands still
 * holds twice this. Node lets the whole connection receive as soon as bytes arrive, so the others flow on.
 */
const STREAM_WINDOW = 65_536;
/** How much may be on its way for all streams: enough for 100 of them over a long distance. */
const SESSION_WINDOW = 4_194_304;

const OPTIONS: ClientSessionOptions = {
  settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
  // In MB. Bodies that wait to be sent count, and Node refuses streams above it.
  maxSessionMemory: 1_000,
};

/** A stream, and what its session had received before it. */
export interface SessionStream {
  stream: ClientHttp2Stream;
  /** Whether the session has served others before. */
  isReused: boolean;
  bytesBefore: number;
}
