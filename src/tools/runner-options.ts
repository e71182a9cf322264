import { isFunction, must, type OptionCheck } from '../check-options.js';
import { AnthropicError } from '../errors.js';
import type { StreamOptions } from '../stream/open-source.js';
import type { AnyMessage, BetaOnlyBlock } from '../wire/beta.js';
import type { BetaMessageParam, BetaMessageStreamParams } from '../wire/beta-params.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { MessageParam, MessageStreamParams } from '../wire/params.js';
import type { ServerTool } from '../wire/tools.js';
import type { CompactOptions } from './compact-options.js';
import type { RunParams } from './next-turn-params.js';
import type { Approve } from './run-call.js';
import type { RunnableServerTool, RunnableTool } from './tool.js';

/** What a runner accepts in `tools`: results of `tool()`, and tools that the API runs. */
export type RunnerTool = RunnableTool | RunnableServerTool | ServerTool;

/** The params of a runner: those of a stream, with runnable tools. */
export type RunnerParams<P> = Omit<P, 'tools'> & { tools: readonly RunnerTool[] };

/** The params for a turn of the conversations that `M` is a response in. */
export type ParamOf<M extends AnyMessage> = BetaOnlyBlock extends M['content'][number]
  ? BetaMessageParam
  : MessageParam;

/** The params of the runs whose responses are `M`. */
export type ParamsOf<M extends AnyMessage> = RunnerParams<
  BetaOnlyBlock extends M['content'][number] ? BetaMessageStreamParams : MessageStreamParams
>;

/** Options of a run. Request options apply to each of its requests, `signal` to the whole run. */
export interface RunnerOptions extends StreamOptions {
  /** The most requests to send. Where the model wants more, MaxTurnsError. Default 100. */
  maxTurns?: number | undefined;
  /** The most tools that run at once. Default: all calls of a turn. */
  maxParallel?: number | undefined;
  /**
   * Runs a call as soon as its block is finished and the readers of the stream have come back for more,
   * instead of after the whole response. If the response breaks off or is refused later, the call has
   * run. A function says of each call whether it is one that may run early. Default false.
   */
  eager?: Eager | undefined;
  /**
   * Called before a tool runs, for a human in the loop: one call at a time, in their order, each with valid
   * input. The model gets a denial as a result. An exception ends the run.
   *
   * `'ask'` waits for `runner.decide(id, verdict)` instead, such as from another request: each call with the
   * id of its `tool_approval` event, any number at once.
   */
  approve?: Approve | 'ask' | undefined;
  /**
   * Between two turns, replaces a conversation that has become long by a summary, which the model is asked to
   * write: `{ above: 100_000 }`, in tokens. It is a request of the run. Default: never.
   */
  compact?: CompactOptions | undefined;
  /** Sends thinking without a signature back, as servers want that don't sign. Default false. */
  keepUnsignedThinking?: boolean | undefined;
}

/** Whether calls run before the response is complete; a function decides call by call. */
export type Eager = boolean | ((toolUse: ToolUseBlock) => boolean);

/** The params of a run, copied: later changes by the caller are not part of it. */
export function copyRunParams(params: object): RunParams {
  const { messages = [], ...rest } = params as Partial<RunParams>;
  return { ...rest, messages: [...messages] };
}

/** The options that each request of a run has. */
export function requestOptions({
  maxTurns,
  maxParallel,
  eager,
  approve,
  compact,
  keepUnsignedThinking,
  signal,
  ...request
}: RunnerOptions): StreamOptions {
  return request;
}

/** The tools to run, by name. @throws AnthropicError for one that can't be run, or if there is no list. */
export function toolsByName(
  tools: unknown,
): ReadonlyMap<string, RunnableTool | RunnableServerTool> {
  if (!Array.isArray(tools)) {
    throw new AnthropicError(
      'no tools to run: write toolRunner({ model, max_tokens, messages, tools: [tool({ … })] })',
    );
  }
  const custom = tools.find(({ type, run }) => (type ?? 'custom') === 'custom' && !isFunction(run));
  if (custom !== undefined) {
    throw new AnthropicError(
      `the tool ${custom.name} has no run: write tool({ name, description, input, run(input) { … } })`,
    );
  }
  return new Map(tools.filter(({ run }) => isFunction(run)).map((tool) => [tool.name, tool]));
}

/** The check of `maxTurns` and `maxParallel`. */
export const aCount: OptionCheck = must(
  (value) => value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && Number(value) > 0),
  'give a whole number from 1 on, or leave it out',
);

/** The check of the option `eager`. */
export const isEager: OptionCheck = must(
  (value) => typeof value === 'boolean' || isFunction(value),
  "give true, false, or a function such as ({ name }) => name !== 'delete_file'",
);
