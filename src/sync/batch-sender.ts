import { type AnthropicError, asAnthropicError } from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { PENDING, toPromise } from '../pull/poll.js';
import { restartIndex } from '../stream/restart.js';
import type { EventSource, Next } from '../stream/source.js';
import type { ResponseHead } from '../transport/port.js';
import { pack } from './delta-batch.js';
import type { DemandClock } from './demand-clock.js';
import {
  BATCHES_AHEAD,
  type Item,
  MAX_BATCH_ITEMS,
  type Step,
  type WorkerMessage,
} from './protocol.js';
import { toErrorData } from './serialize-error.js';

/**
 * Sends the events of one request out of the worker: all that have arrived at once go in one batch, as
 * long as the reader has asked for batches.
 */
export class BatchSender {
  readonly #clock: DemandClock;
  readonly #post: (message: Omit<WorkerMessage, 'id'>) => void;
  readonly #source: EventSource;
  #batch: Item[] = [];
  #sent = 0;
  /** How many batches may be sent in all. */
  #allowed = 0;
  /** The source has no event yet, and will wake us. */
  #isPending = false;
  #isOver = false;

  /**
   * Sends the request, and reports its response headers without being asked.
   * @param open makes the source of the events; it may report steps in between.
   * @param clock of the request; it runs while the reader waits, which it does now.
   */
  constructor(
    open: (forward: (step: Step) => void) => EventSource,
    clock: DemandClock,
    post: (message: Omit<WorkerMessage, 'id'>) => void,
  ) {
    this.#clock = clock;
    this.#post = post;
    this.#source = open((step) => this.#addStep(step));
    clock.start();
    toPromise<ResponseHead>((wake) => this.#source.connect(wake)).then(
      () => this.#connected(),
      (error) => this.#fail(error),
    );
  }

  /** The reader waits, having received this many batches. */
  read(batches: number): void {
    this.#allowed = batches + BATCHES_AHEAD;
    // Otherwise what it waits for is on its way.
    if (batches === this.#sent) this.#clock.start();
    if (this.#batch.length > 0) this.#send();
    this.#pull();
  }

  /** The rest is not wanted. */
  close(reason: AnthropicError): void {
    this.#source.cancel(reason);
  }

  #connected(): void {
    // The headers were all that was asked for.
    if (this.#allowed === 0) this.#clock.stop();
  }

  readonly #wake = (): void => {
    this.#isPending = false;
    this.#pull();
  };

  #pull(): void {
    if (this.#isPending) return;
    try {
      while (!this.#isPending && !this.#isOver && this.#sent < this.#allowed) {
        const event = this.#source.next(this.#wake);
        if (event === PENDING) this.#isPending = true;
        else this.#add(event);
      }
    } catch (error) {
      this.#fail(error);
    }
    // There is nothing more at hand.
    if (this.#isPending && this.#batch.length > 0) this.#send();
  }

  #add(event: Next): void {
    if (event === undefined) {
      this.#end({ end: true });
    } else {
      this.#batch.push(toItem(event));
      if (this.#batch.length >= MAX_BATCH_ITEMS) this.#send();
    }
  }

  #addStep(step: Step): void {
    this.#batch.push(step);
    if (step.step === 'head') this.#send();
  }

  #send(): void {
    this.#sent++;
    this.#clock.stop();
    this.#post({ batch: pack(this.#batch) });
    this.#batch = [];
  }

  #fail(thrown: unknown): void {
    const error = asAnthropicError(thrown);
    this.#source.cancel(error);
    this.#end({ error: toErrorData(error) });
  }

  #end(ending: Pick<WorkerMessage, 'end' | 'error'>): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#post({ batch: pack(this.#batch), ...ending });
    this.#batch = [];
  }
}

/** The mark of a restart doesn't cross to another thread: it travels as a step. */
function toItem(event: UntypedEvent): Item {
  const index = restartIndex(event);
  return index === undefined ? event : { step: 'restart', index };
}
