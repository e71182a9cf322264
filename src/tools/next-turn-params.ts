import { isRecord } from '../json/is-record.js';
import { withoutInputState } from '../message/input-state.js';
import { type MessageParamOptions, sendableBlocks } from '../message/to-message-param.js';
import type { AnyMessage } from '../wire/beta.js';
import type { ToolResultBlockParam } from '../wire/content-params.js';
import type { Message } from '../wire/message.js';
import type { MessageParam, MessageStreamParams } from '../wire/params.js';

/** Params as the runner sees them: those of every edition. */
export interface RunParams {
  readonly messages: readonly MessageParam[];
  readonly container?: MessageStreamParams['container'];
  readonly [param: string]: unknown;
}

/**
 * The params of the next request: the response and the results of its calls are added, and the container
 * that it ran in, unless the caller named one.
 * @param caller the params of the run.
 */
export function nextTurnParams<P extends RunParams>(
  params: P,
  message: AnyMessage,
  results: readonly ToolResultBlockParam[],
  caller: Pick<RunParams, 'container'> = {},
  options: MessageParamOptions = {},
): P {
  // A credit is for one request: naming it again may fail.
  const { fallback_credit_token, ...kept } = params as P & { fallback_credit_token?: unknown };
  const turns = [answerTurn(message, options), { role: 'user' as const, content: results }];
  const container = isNamed(caller.container)
    ? params.container
    : withId(params.container, message.container?.id);
  return {
    ...(kept as unknown as P),
    messages: [...params.messages, ...turns.filter(({ content }) => content.length > 0)],
    ...(container === undefined ? {} : { container }),
  };
}

/** Whether a message without calls must be sent back, for the API to continue it. */
export function isPaused(message: AnyMessage): boolean {
  return message.stop_reason === 'pause_turn' && answerTurn(message).content.length > 0;
}

/** Every call is sent back, also one whose input is cut or invalid, with what there is of it: its result says so. */
function answerTurn(message: AnyMessage, options?: MessageParamOptions): MessageParam {
  const content = message.content.map((block) => {
    if (block.type !== 'tool_use') return block;
    const call = withoutInputState(block);
    // The API accepts nothing but an object.
    return isRecord(call.input) ? call : { ...call, input: {} };
  });
  const { stop_reason } = message;
  const sendable = sendableBlocks({ content, stop_reason } as Message, options);
  return { role: 'assistant', content: sendable as unknown as MessageParam['content'] };
}

/** Whether it has the id of a container, and not just what a new one must have. */
function isNamed(container: RunParams['container']): boolean {
  return typeof container === 'string' || typeof container?.id === 'string';
}

function withId(container: RunParams['container'], id: string | undefined): RunParams['container'] {
  if (id === undefined) return container;
  return typeof container === 'object' && container !== null ? { ...container, id } : id;
}
