import type { Replica } from '../replica.js';
import { writeIn } from './created.js';
import type { ProducerPosition } from './payloads.js';

/** What decides whether a write is taken, by the writes before it. It is kept with the replica, and moves on with it. */
export class WriteState {
  readonly #replica: Replica;
  readonly #producers = new Map<string, ProducerPosition>();
  #seq: string | undefined;
  #index = 0;

  private constructor(replica: Replica) {
    this.#replica = replica;
  }

  /** As of now. */
  static of(replica: Replica): WriteState {
    const state = states.get(replica) ?? new WriteState(replica);
    states.set(replica, state);
    state.#advance();
    return state;
  }

  /** The highest `Stream-Seq`. */
  get seq(): string | undefined {
    return this.#seq;
  }

  producer(id: string): ProducerPosition | undefined {
    return this.#producers.get(id);
  }

  #advance(): void {
    const { entries } = this.#replica;
    for (let entry = entries[this.#index]; entry !== undefined; entry = entries[++this.#index]) {
      const write = writeIn(entry);
      this.#seq = write?.seq ?? this.#seq;
      if (write?.producer !== undefined) this.#producers.set(write.producer.id, write.producer);
    }
    const closed = this.#replica.end?.producer;
    if (closed !== undefined) this.#producers.set(closed.id, closed);
  }
}

const states = /* @__PURE__ */ new WeakMap<Replica, WriteState>();
