import type { MessageState } from '../stream/message-state.js';
import type { SourceOwner } from '../stream/source.js';
import { errorData, errorOf } from './error-data.js';
import { headData, headOf } from './head-data.js';
import type { Step } from './protocol.js';

/** The owner of a source in the worker: whatever it is told, it tells the client's thread. */
export function tellingOwner(tell: (step: Step) => void): SourceOwner {
  return {
    onTry: (how) => tell({ step: 'try', how }),
    onTryFailed: (error) => tell({ step: 'tryFailed', error: errorData(error) }),
    onHead: (head) => tell({ step: 'head', head: headData(head) }),
    onRetry: () => {},
    onRecover: ({ error }) => tell({ step: 'recover', error: errorData(error) }),
    onHeld: (event) => tell({ step: 'held', event }),
    partial: () => undefined,
  };
}

/** What the client's thread makes of it. */
export function takeStep(state: MessageState, step: Step): void {
  (takes[step.step] as (state: MessageState, step: Step) => void)(state, step);
}

const takes: {
  readonly [S in Step['step']]: (state: MessageState, step: Extract<Step, { step: S }>) => void;
} = {
  try: (state, { how }) => state.tried(how),
  tryFailed: (state, { error }) => state.tryFailed(errorOf(error)),
  head: (state, { head }) => state.connected(headOf(head)),
  held: (state, { event }) => state.held(event),
  recover: (state, { error }) => state.broke(errorOf(error)),
};
