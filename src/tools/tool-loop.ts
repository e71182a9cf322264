import { markHandled } from '../pull/mark-handled.js';
import type { MessageStream } from '../stream/message-stream.js';
import { unlessAborted } from '../transport/on-abort.js';
import type { AnyMessage } from '../wire/beta.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { Message } from '../wire/message.js';
import type { Approvals } from './approvals.js';
import type { RunParams } from './next-turn-params.js';
import type { Ask, Verdict } from './run-call.js';
import { RunLoop } from './run-loop.js';
import { settleRunner } from './settle-runner.js';
import { Slots } from './slots.js';
import type { Steps, Wait } from './steps.js';
import type { Driver, Turn } from './turn.js';
import { Turns, type TurnsOwner } from './turns.js';

export { settleRunner };

/** The turns of a ToolRunner. */
export class ToolLoop<
  M extends AnyMessage = Message,
  S extends MessageStream<M> = MessageStream<M>,
> extends RunLoop<M, S> {
  readonly #turns: Turns<S, 'awaiting'>;
  readonly #approvals: Approvals;

  /** @param stream that of the first turn, opened with the params. */
  constructor(owner: TurnsOwner<S>, params: RunParams, stream: S) {
    super();
    const { asksAtOnce, ask, approvals } = owner.settings;
    this.#approvals = approvals;
    const settings = { ...owner.settings, ask: asksAtOnce ? ask : oneAtATime(ask) };
    this.#turns = new Turns({ ...owner, settings }, inParallel(owner), params, stream);
  }

  get first(): Turn<S> {
    return this.#turns.first;
  }

  get params(): RunParams {
    return this.#turns.params;
  }

  get messages(): RunParams['messages'] {
    return this.#turns.params.messages;
  }

  get deferred(): readonly ToolUseBlock[] {
    return this.#turns.deferred;
  }

  get usage(): unknown {
    return this.#turns.usage;
  }

  /** Decides on a call that waits. @returns whether one was waiting. */
  decide(id: string, verdict: Verdict): boolean {
    return this.#approvals.decide(id, verdict);
  }
}

/** People answer one question at a time. */
function oneAtATime(ask: Ask): Ask {
  const slots = new Slots(1);
  return (call, asked) => slots.use(async () => ask(call, asked));
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

/** The driver that awaits. It doesn't pause. */
async function awaitSteps<T>(steps: Steps<T>): Promise<T> {
  let step = steps.next();
  while (!step.done) {
    step = step.value === undefined ? steps.next() : await resume(steps, step.value);
  }
  return step.value;
}

async function resume<T>(steps: Steps<T>, { values }: Wait): Promise<ReturnType<Steps<T>['next']>> {
  let settled: unknown[];
  try {
    settled = await Promise.all(values);
  } catch (error) {
    return steps.throw(error);
  }
  return steps.next(settled);
}
