import { type AnthropicError, asAnthropicError } from '../errors.js';
import type { EventSource, Next } from '../stream/source.js';
import { LATER, type Waiting } from '../transport/later.js';
import type { DemandClock } from './demand-clock.js';
import { errorData } from './error-data.js';
import { BATCHES_AHEAD, type Item, MOST_ITEMS, type Step, type Told } from './protocol.js';
import { packed } from './runs.js';

/**
 * The events of one request on their way out of the worker: all that have come at once go in one
 * batch, as long as the reader has asked for batches.
 */
export class Outflow implements Waiting<Next> {
  readonly #clock: DemandClock;
  readonly #tell: (told: Omit<Told, 'id'>) => void;
  readonly #source: EventSource;
  #batch: Item[] = [];
  #sent = 0;
  /** How many batches may be sent in all. */
  #allowed = 0;
  #isBusy = false;

  /**
   * Sends the request, and tells of its response headers without being asked.
   * @param open makes the source of the events; it may tell of steps in between.
   * @param clock of the request; it runs while the reader waits, which it does now.
   */
  constructor(
    open: (tell: (step: Step) => void) => EventSource,
    clock: DemandClock,
    tell: (told: Omit<Told, 'id'>) => void,
  ) {
    this.#clock = clock;
    this.#tell = tell;
    this.#source = open((step) => this.#step(step));
    clock.start();
    this.#source.connect().then(
      () => this.#connected(),
      (error) => this.failed(error),
    );
  }

  /** The reader waits, having got this many batches. */
  read(batches: number): void {
    this.#allowed = batches + BATCHES_AHEAD;
    // Otherwise what it waits for is on its way to it.
    if (batches === this.#sent) this.#clock.start();
    if (this.#batch.length > 0) this.#send();
    this.#pull();
  }

  /** Nobody wants the rest. */
  close(reason: AnthropicError): void {
    this.#source.cancel(reason);
  }

  #connected(): void {
    // The headers were all that was asked for.
    if (this.#allowed === 0) this.#clock.stop();
  }

  #pull(): void {
    while (!this.#isBusy && this.#sent < this.#allowed) {
      try {
        const event = this.#source.next(this);
        if (event === LATER) this.#await();
        else this.#take(event);
      } catch (error) {
        this.failed(error);
      }
    }
  }

  #await(): void {
    this.#isBusy = true;
    // There is nothing more at hand.
    if (this.#batch.length > 0) this.#send();
  }

  /** @internal What was waited for. */
  arrived(event: Next): void {
    this.#isBusy = false;
    this.#take(event);
    this.#pull();
  }

  #take(event: Next): void {
    if (event === undefined) {
      this.#end({ end: true });
    } else {
      this.#batch.push(event);
      if (this.#batch.length >= MOST_ITEMS) this.#send();
    }
  }

  #step(step: Step): void {
    this.#batch.push(step);
    if (step.step === 'head') this.#send();
  }

  #send(): void {
    this.#sent++;
    this.#clock.stop();
    this.#tell({ batch: packed(this.#batch) });
    this.#batch = [];
  }

  /** @internal The same: it does not come. */
  failed(thrown: unknown): void {
    const error = asAnthropicError(thrown);
    this.#source.cancel(error);
    this.#end({ error: errorData(error) });
  }

  #end(ending: Pick<Told, 'end' | 'error'>): void {
    this.#isBusy = true;
    this.#tell({ batch: packed(this.#batch), ...ending });
    this.#batch = [];
  }
}
