import { MessageDraft } from '../../../src/message/draft.js';
import { providePartialInput } from '../../../src/message/input-draft.js';
import { PartialInput } from '../../../src/message/partial-input.js';
import type { UntypedDelta, UntypedEvent, UntypedMessage } from '../../../src/message/untyped.js';
import type {
  RecordedChunk,
  RecordedEnd,
  RecordedRequest,
  RecordedResponse,
} from '../../../src/recording/format.js';
import type { NoteName, Notes, SentNote } from '../../../src/recording/notes.js';
import { type ServerSentEvent, SseDecoder } from '../../../src/sse/decoder.js';
import { ExpectedSilence } from '../../../src/stream/expected-silence.js';
import { restartIndex } from '../../../src/stream/restart.js';
import { BlockTrack } from './block-track.js';
import { Framing } from './framing.js';
import { OfflineEvents } from './offline-events.js';
import { Waits } from './waits.js';

providePartialInput(PartialInput);

/** A server-sent event as it was received. */
export interface ReceivedEvent extends ServerSentEvent {
  readonly at: number;
  /** The chunk that ended it. */
  readonly chunk: number;
}

export type Note = { [N in NoteName]: { at: number; name: N; value: Notes[N] } }[NoteName];

export type Failure = { readonly name: string; readonly message: string };

/** One request and its response, derived from a recording as far as it has been read. */
export class Attempt {
  request: RecordedRequest | undefined;
  sent: SentNote | undefined;
  /** When the headers came, where the recording says so. */
  responseAt: number | undefined;
  end: RecordedEnd | undefined;
  readonly chunks: RecordedChunk[] = [];
  /** When each chunk arrived. */
  readonly chunkTimes: number[] = [];
  /** The number of bytes up to the end of each chunk. */
  readonly sizes: number[] = [];
  readonly events: ReceivedEvent[] = [];
  /** When each event was received. */
  readonly times: number[] = [];
  readonly blocks: BlockTrack[] = [];
  readonly notes: Note[] = [];
  readonly framing = new Framing();
  readonly waits = new Waits();
  /** The numbers of the events that are pings, and of the one that brought the first content. */
  readonly pings: Set<number> = new Set();
  firstContent: number | undefined;
  /** When the latest event that is no ping was received. */
  progressAt: number | undefined;
  /** Whether the model may be silent for long, by the client's clocks. */
  isSilenceExpected = true;
  /** Whether `at` is a time; else it is the number of the event. */
  readonly isTimed: boolean;
  #response: RecordedResponse | undefined;
  readonly #decoder = new SseDecoder();
  readonly #draft = new MessageDraft();
  #reading: OfflineEvents | undefined;
  readonly #silence = new ExpectedSilence();
  readonly #open = new Map<number, BlockTrack>();
  /** Whether all bytes so far are of whole events. */
  #isWhole = true;

  constructor(isTimed: boolean) {
    this.isTimed = isTimed;
  }

  get response(): RecordedResponse | undefined {
    return this.#response;
  }

  set response(response: RecordedResponse) {
    this.#response = response;
    this.#reading = new OfflineEvents(response, (event) => this.#track(event));
  }

  /** The message so far. */
  get message(): UntypedMessage | undefined {
    return this.#draft.snapshot;
  }

  get isComplete(): boolean {
    return this.#reading?.isComplete === true;
  }

  /** What the client fails with: as it was noted, else as our own client would. */
  get failure(): Failure | undefined {
    const noted = this.notes.find((note) => note.name === 'call' || note.name === 'retry');
    if (noted !== undefined && 'error' in noted.value && noted.value.error)
      return noted.value.error;
    if (this.#reading?.error !== undefined) return this.#reading.error;
    if (this.#response === undefined && this.end?.end === 'broken') return NO_CONNECTION;
    return undefined;
  }

  /** Something happened at a time that is not before the last. */
  get lastAt(): number {
    return Math.max(this.end?.at ?? 0, this.chunks.at(-1)?.at ?? 0, this.notes.at(-1)?.at ?? 0);
  }

  push(chunk: RecordedChunk): void {
    const number = this.chunks.push(chunk) - 1;
    this.chunkTimes.push(chunk.at);
    this.sizes.push((this.sizes.at(-1) ?? 0) + chunk.bytes.length);
    this.framing.push(chunk.bytes);
    this.#decoder.push(chunk.bytes);
    const found: ServerSentEvent[] = [];
    for (let sent = this.#decoder.next(); sent; sent = this.#decoder.next()) found.push(sent);
    const wasWhole = this.#isWhole;
    this.#isWhole = endsEvent(chunk.bytes);
    // Nearly always a chunk is one event, and needs no bytes of its own.
    const bytes = found.length === 1 && wasWhole && this.#isWhole ? chunk.bytes : undefined;
    for (const sent of found) {
      this.#receive(sent, this.isTimed ? chunk.at : this.events.length, number, bytes);
    }
  }

  finish(end: RecordedEnd): void {
    this.end = end;
    const last = this.#decoder.end();
    this.framing.end(last !== undefined);
    const hasEvents = this.events.length > 0;
    if (last !== undefined && hasEvents) {
      this.#receive(last, end.at, this.chunks.length - 1, toBytes(last, ''));
    }
    // A body without events may be JSON: the client reads it as it came.
    if (!hasEvents) for (const { bytes } of this.chunks) this.#reading?.push(bytes);
    if (end.end !== 'left') this.#reading?.end(end.end);
  }

  #receive(sent: ServerSentEvent, at: number, chunk: number, bytes = toBytes(sent)): void {
    // Spread, the copy would cost several times more.
    this.events.push({ event: sent.event, data: sent.data, at, chunk });
    this.times.push(at);
    this.framing.event(sent);
    // One event at a time, so that what the client makes of it has its number.
    this.#reading?.push(bytes);
    const number = this.events.length - 1;
    if (this.pings.has(number)) return;
    this.progressAt = at;
    if (this.firstContent !== undefined) this.waits.content(number, at);
  }

  #track(event: UntypedEvent): void {
    const number = Math.max(0, this.events.length - 1);
    const restart = restartIndex(event);
    if (restart !== undefined) this.#restart(restart, number);
    else this.#draft.apply(event);
    TRACKS[event.type]?.call(this, event, number);
    const changesNothing = event.type === 'content_block_delta' || event.type === 'ping';
    if (!changesNothing) this.isSilenceExpected = this.#silence.after(event);
  }

  #restart(index: number, number: number): void {
    this.#draft.discardFrom(index);
    for (const block of this.blocks) {
      if (block.index >= index) block.discardedAt ??= number;
    }
  }

  blockStart({ index, content_block }: UntypedEvent, number: number): void {
    const block = new BlockTrack(index as number, content_block as BlockTrack['start'], number);
    this.blocks.push(block);
    this.#open.set(block.index, block);
    if (block.family === 'tool' || block.family === 'result') this.firstContent ??= number;
  }

  blockDelta({ index, delta }: UntypedEvent, number: number): void {
    this.#open.get(index as number)?.add(delta as UntypedDelta, number);
    this.firstContent ??= number;
  }

  blockStop({ index }: UntypedEvent, number: number): void {
    const block = this.#open.get(index as number);
    if (block !== undefined) block.to = number;
  }

  ping(_: UntypedEvent, number: number): void {
    this.pings.add(number);
  }
}

const TRACKS: Readonly<
  Record<string, ((this: Attempt, event: UntypedEvent, number: number) => void) | undefined>
> = {
  __proto__: null as never,
  content_block_start: Attempt.prototype.blockStart,
  content_block_delta: Attempt.prototype.blockDelta,
  content_block_stop: Attempt.prototype.blockStop,
  ping: Attempt.prototype.ping,
};

const utf8 = new TextEncoder();

function toBytes({ event, data }: ServerSentEvent, close = '\n\n'): Uint8Array {
  const name = event === '' ? '' : `event: ${event}\n`;
  const lines = data.includes('\n') ? data.replaceAll('\n', '\ndata: ') : data;
  return utf8.encode(`${name}data: ${lines}${close}`);
}

const LF = 0x0a;

const endsEvent = (bytes: Uint8Array): boolean => bytes.at(-1) === LF && bytes.at(-2) === LF;

const NO_CONNECTION: Failure = {
  name: 'APIConnectionError',
  message: 'the connection failed before a response',
};
