import { statusError } from '../../../src/error-body.js';
import { type AnthropicError, asAnthropicError } from '../../../src/errors.js';
import { parseJson } from '../../../src/json/parse-json.js';
import * as dialects from '../../../src/message/dialects.js';
import type { UntypedEvent } from '../../../src/message/untyped.js';
import { PENDING } from '../../../src/pull/poll.js';
import type { RecordedResponse } from '../../../src/recording/format.js';
import { provideDialects } from '../../../src/stream/event-translator.js';
import { ResponseEvents } from '../../../src/stream/response-events.js';
import type { Attempt } from '../../../src/transport/body-text.js';
import type { ResponseBody, ResponseHead } from '../../../src/transport/port.js';
import { sizeLimits } from '../../../src/transport/size-limits.js';

/**
 * The client's own reading of a response, from recorded bytes: the events that its readers get, and the error
 * that it ends with.
 */
export class OfflineEvents {
  readonly #response: RecordedResponse;
  readonly #body = new RecordedBody();
  readonly #events: ResponseEvents;
  readonly #take: (event: UntypedEvent) => void;
  #isComplete = false;
  #error: AnthropicError | undefined;

  /** @param take gets each event. What it throws ends the stream. */
  constructor(response: RecordedResponse, take: (event: UntypedEvent) => void) {
    provideDialects(dialects);
    this.#response = response;
    this.#take = take;
    const attempt = { deadline: NO_DEADLINE, signal: new AbortController().signal };
    this.#events = new ResponseEvents(
      { head: toHead(response), body: this.#body },
      attempt as unknown as Attempt,
      sizeLimits({}),
      { isRelayed: true },
    );
  }

  /** Whether the message is whole. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  get error(): AnthropicError | undefined {
    return this.#error;
  }

  push(bytes: Uint8Array): void {
    this.#body.chunks.push(bytes);
    if (this.#isSuccess) this.#read();
  }

  end(how: 'complete' | 'broken'): void {
    this.#body.ending = how;
    if (this.#isSuccess) this.#read();
    else this.#error ??= this.#refusal();
  }

  get #isSuccess(): boolean {
    const { status } = this.#response;
    return status >= 200 && status < 300;
  }

  #read(): void {
    while (this.#error === undefined && !this.#isComplete) {
      try {
        const event = this.#events.next(() => {});
        if (event === PENDING) return;
        if (event === undefined) this.#isComplete = true;
        else this.#take(event as UntypedEvent);
      } catch (error) {
        this.#error = asAnthropicError(error);
      }
    }
  }

  #refusal(): AnthropicError {
    const { status, headers } = this.#response;
    const decoder = new TextDecoder();
    const text = this.#body.chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('');
    return statusError(status, parsed(text), new Headers(headers));
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

class RecordedBody implements ResponseBody {
  readonly chunks: Uint8Array[] = [];
  ending: 'complete' | 'broken' | undefined;
  #next = 0;

  read(): Uint8Array | null | typeof PENDING {
    const chunk = this.chunks[this.#next];
    if (chunk !== undefined) {
      this.#next++;
      return chunk;
    }
    if (this.ending === 'broken') throw new Error('the connection was lost');
    return this.ending === 'complete' ? null : PENDING;
  }

  cancel(): void {}

  finish(): void {}
}

function toHead({ status, headers }: RecordedResponse): ResponseHead {
  const all = new Headers(headers);
  return {
    status,
    statusText: '',
    headers: () => all,
    header: (name) => all.get(name),
    fields: () => [...all],
  };
}

/** Nothing is waited for. */
const NO_DEADLINE = {
  start: () => 0,
  stop: () => {},
  check: () => undefined,
  progress: () => {},
  expectSilence: () => {},
  clear: () => {},
};
