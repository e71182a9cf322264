import { assignKnown, type UntypedEvent } from '../message/untyped.js';
import { addUsage } from '../stream/recover/add-usage.js';
import { WIRE_TYPE } from '../stream/restart.js';
import { RUN_START } from './run-wire.js';

/** What the wire has of a run that a runner goes on with. */
export interface RunSoFar {
  /** Whether its first event is there. */
  isBegun: boolean;
  /** The events that complete its latest turn. */
  rest: readonly UntypedEvent[];
  /** The usage of a turn that is given up: the next one is written in its place. */
  givenUp: { usage: unknown } | undefined;
}

/** The events of a runner that goes on with a run, as those of one run. @param events of the runner, on the wire. */
export async function* continuedRun(
  { isBegun, rest, givenUp }: RunSoFar,
  events: AsyncIterator<UntypedEvent, undefined>,
): AsyncGenerator<UntypedEvent, undefined, undefined> {
  yield* rest;
  let replaced = givenUp && new ReplacedTurn(givenUp.usage);
  for (let item = await events.next(); !item.done; item = await events.next()) {
    const event = item.value;
    if (event.type === RUN_START && isBegun) continue;
    yield* replaced?.map(event) ?? [event];
    if (event.type === 'message_stop') replaced = undefined;
  }
  return undefined;
}

/** A turn that is written in the place of one that was given up: its message goes on with other blocks. */
class ReplacedTurn {
  readonly #before: unknown;
  readonly #usage: Record<string, unknown> = {};

  /** @param before the usage of the one that was given up, which counts too. */
  constructor(before: unknown) {
    this.#before = before;
  }

  map(event: UntypedEvent): UntypedEvent[] {
    if (event.type === 'message_start') {
      const { usage } = event.message as { usage?: unknown };
      return [{ type: WIRE_TYPE, index: 0 }, this.#counted({ ...NOT_STOPPED, usage })];
    }
    return [event.type === 'message_delta' ? this.#counted(event) : event];
  }

  #counted(event: UntypedEvent): UntypedEvent {
    assignKnown(this.#usage, event.usage);
    return { ...event, usage: addUsage(this.#before, this.#usage) };
  }
}

const NOT_STOPPED = Object.freeze({
  type: 'message_delta',
  delta: Object.freeze({ stop_reason: null, stop_sequence: null }),
});
