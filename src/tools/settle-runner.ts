import { bindContext } from '../async-context.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import { Approvals } from './approvals.js';
import type { CompactOptions } from './compact-options.js';
import type { Ask } from './run-call.js';
import type { RunnerOptions } from './runner-options.js';
import type { StartGate } from './start-gate.js';

/** Runs something in the async context of a `toolRunner()` call. */
export type InContext = <T>(work: () => T) => T;

/** The options of a run with their defaults. */
export interface RunnerSettings {
  readonly maxTurns: number;
  readonly maxParallel: number;
  readonly eager: (toolUse: ToolUseBlock) => boolean;
  readonly ask: Ask;
  /** Whether several calls may be asked about at once. */
  readonly asksAtOnce: boolean;
  readonly approvals: Approvals;
  readonly starts: StartGate;
  /** Runs tools in the async context of the `toolRunner()` call. */
  readonly inContext: InContext;
  readonly compact: CompactOptions | undefined;
  readonly keepUnsignedThinking: boolean;
}

/**
 * Called in the async context of the `toolRunner()` call, where callbacks run too.
 * @param options checked.
 */
export function settleRunner(
  options: RunnerOptions,
  of: Pick<RunnerSettings, 'starts' | 'inContext'>,
): RunnerSettings {
  const { maxTurns = 100, maxParallel = Number.POSITIVE_INFINITY, eager = false } = options;
  const { approve, compact, keepUnsignedThinking = false } = options;
  const approvals = new Approvals();
  return {
    maxTurns,
    maxParallel,
    eager: typeof eager === 'function' ? bindContext(eager) : () => eager,
    ask: askOf(approve, approvals),
    asksAtOnce: typeof approve !== 'function',
    approvals,
    ...of,
    compact,
    keepUnsignedThinking,
  };
}

function askOf(approve: RunnerOptions['approve'], approvals: Approvals): Ask {
  if (approve === undefined) return () => true;
  if (approve === 'ask') return approvals.ask;
  const bound = bindContext(approve);
  return (call, asked) => {
    asked();
    return bound(call);
  };
}
