import { ApiEvents } from '../message/api-events.js';
import type { Normalizer } from '../message/normalize.js';
import type { UntypedEvent } from '../message/untyped.js';
import type { Queue } from '../pull/backlog.js';
import { PENDING, type Poll, toPoll, type Wake } from '../pull/poll.js';
import type { Deadline } from '../transport/deadline.js';
import { loadChunk } from './load-chunk.js';
import { restartIndex } from './restart.js';

/** What reads the streams of other servers. */
type Dialects = typeof import('../message/dialects.js');

let loaded: Dialects | undefined;

/** For what can't wait until it is loaded. */
export function provideDialects(code: Dialects): void {
  loaded = code;
}

/**
 * Makes events as the API writes them of the events of any server. The code for other servers is loaded with the
 * first event that the API would not write: a page that reads the API's streams loads none of it.
 */
export class EventTranslator {
  readonly #ready: Queue<UntypedEvent>;
  readonly #deadline: Deadline;
  #events: ApiEvents | Normalizer = new ApiEvents();
  #waiting: ((wake: Wake) => Poll<undefined>) | undefined;

  /**
   * @param ready gets the events.
   * @param deadline limits the wait for the code.
   */
  constructor(ready: Queue<UntypedEvent>, deadline: Deadline) {
    this.#ready = ready;
    this.#deadline = deadline;
  }

  /** Whether an event waits for the code. No other may be added before `resume` has let it pass. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** @throws AnthropicError where the code does not load; StreamProtocolError for an event that contradicts. */
  resume(wake: Wake): Poll<undefined> {
    return this.#waiting?.(wake);
  }

  /** Whether a delta of one string needs nothing, unless it is empty or ends in half a character. */
  isPlain(index: unknown, type: string): boolean {
    const { plainIndex, plainType } = this.#events;
    return index === plainIndex && type === plainType;
  }

  add(event: UntypedEvent): void {
    const before = this.#events;
    const restart = restartIndex(event);
    if (restart !== undefined) before.restart(restart);
    const events = before.normalize(event);
    if (events !== undefined) {
      this.#push(events);
      return;
    }
    this.#withDialects(({ Normalizer }) => {
      this.#events = new Normalizer(before as ApiEvents);
      this.#push(this.#events.normalize(event));
    });
  }

  /** There are no more events. */
  end(): void {
    this.#push(this.#events.end());
  }

  /**
   * A whole message, as servers send one that don't stream.
   * @param take called with its events; undefined for what is no message.
   */
  split(message: unknown, take: (events: UntypedEvent[] | undefined) => void): void {
    this.#withDialects(({ messageEvents }) => take(messageEvents(message)));
  }

  #push(events: readonly UntypedEvent[]): void {
    for (const event of events) this.#ready.push(event);
  }

  #withDialects(go: (code: Dialects) => void): void {
    if (loaded !== undefined) {
      go(loaded);
      return;
    }
    const loading = toPoll(this.#load());
    this.#waiting = (wake) => {
      const code = loading(wake);
      if (code === PENDING) return PENDING;
      this.#waiting = undefined;
      go(code);
      return undefined;
    };
  }

  async #load(): Promise<Dialects> {
    const chunk = import('../message/dialects.js');
    loaded = await loadChunk('the events of other servers', chunk, this.#deadline);
    return loaded;
  }
}
