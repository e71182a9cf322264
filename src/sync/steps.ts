import type { SourceOwner } from '../stream/source.js';
import type { Step } from './protocol.js';
import { fromHeadData, toHeadData } from './serialize.js';
import { fromErrorData, toErrorData } from './serialize-error.js';

/** The owner of a source in the worker: what the source reports goes to the client's thread. */
export function forwardingOwner(forward: (step: Step) => void): SourceOwner {
  return {
    onTry: (kind) => forward({ step: 'try', kind }),
    onTryFailed: (error) => forward({ step: 'tryFailed', error: toErrorData(error) }),
    onHead: (head) => forward({ step: 'head', head: toHeadData(head) }),
    onRetry: ({ error, ...info }) => forward({ step: 'retry', ...info, error: toErrorData(error) }),
    onRecover: ({ error, ...info }) =>
      forward({ step: 'recover', ...info, error: toErrorData(error) }),
    onHeld: (event) => forward({ step: 'held', event }),
    // For readers of a relay, which has no worker.
    onSeen: () => {},
    partial: () => undefined,
  };
}

/** Reports a step to the owner on the client's thread. */
export function reportStep(owner: Partial<SourceOwner>, step: Step): void {
  (reports[step.step] as (owner: Partial<SourceOwner>, step: Step) => void)(owner, step);
}

const reports: {
  readonly [S in Step['step']]: (
    owner: Partial<SourceOwner>,
    step: Extract<Step, { step: S }>,
  ) => void;
} = {
  try: (owner, { kind }) => owner.onTry?.(kind),
  tryFailed: (owner, { error }) => owner.onTryFailed?.(fromErrorData(error)),
  head: (owner, { head }) => owner.onHead?.(fromHeadData(head)),
  held: (owner, { event }) => owner.onHeld?.(event),
  retry: (owner, { attempt, delay, error }) =>
    owner.onRetry?.({ attempt, delay, error: fromErrorData(error) }),
  recover: (owner, { attempt, mode, error }) =>
    owner.onRecover?.({ attempt, mode, error: fromErrorData(error) }),
};
