import { markHandled } from '../pull/mark-handled.js';
import type { MessageStream } from '../stream/message-stream.js';
import { unlessAborted } from '../transport/on-abort.js';
import type { AnyMessage } from '../wire/beta.js';
import type { Message } from '../wire/message.js';
import type { RunParams } from './next-turn-params.js';
import { type RunnerEvent, runEvents } from './run-events.js';
import type { RunnerSettings } from './runner-options.js';
import { Slots } from './slots.js';
import { awaitSteps } from './steps.js';
import { type Driver, streamsOf, textOf } from './turn.js';
import { Turns, type TurnsOwner } from './turns.js';

/** The turns of a ToolRunner, and what its readers get of them. */
export class ToolLoop<
  M extends AnyMessage = Message,
  S extends MessageStream<M> = MessageStream<M>,
> extends Turns<S, 'awaiting'> {
  /** @param stream that of the first turn, opened with the params. */
  constructor(owner: TurnsOwner<S>, params: RunParams, stream: S) {
    const settings = { ...owner.settings, approve: oneAtATime(owner.settings.approve) };
    super({ ...owner, settings }, inParallel(owner), params, stream);
  }

  /** The stream of each turn. */
  streams(): AsyncGenerator<S, undefined, undefined> {
    return streamsOf(this.first);
  }

  /** The text of all turns. */
  text(): AsyncGenerator<string, undefined, undefined> {
    return textOf(this.first);
  }

  /** The events of all turns, and of their calls. */
  events(): AsyncGenerator<RunnerEvent<M>, undefined, undefined> {
    return runEvents<M, S>(this.first);
  }

  /** Runs to the end and resolves with the last message. */
  async complete(): Promise<M> {
    let last = this.first.stream;
    for await (const stream of this.streams()) last = stream;
    return last.getFinalMessage();
  }
}

/** Calls run at once, as far as there are slots. Failures reach those who wait, early or late. */
function inParallel({
  settings,
  signal,
}: Pick<TurnsOwner<unknown>, 'settings' | 'signal'>): Driver<'awaiting'> {
  const slots = new Slots(settings.maxParallel);
  return {
    start: (steps) => markHandled(awaitSteps(steps)),
    startCall: (steps) => markHandled(slots.use(() => unlessAborted(awaitSteps(steps), signal))),
    runEarly: (call, failed) => void call.catch(failed),
  };
}

/** People answer one question at a time. */
function oneAtATime(approve: RunnerSettings['approve']): RunnerSettings['approve'] {
  const slots = new Slots(1);
  return (call) => slots.use(async () => approve(call));
}
