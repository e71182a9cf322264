import { AnthropicError, addContext, asAnthropicError, type ErrorContext } from '../errors.js';
import { textOf } from '../message/text-of.js';
import { markHandled } from '../pull/mark-handled.js';
import { type Schema, validate } from '../schema/schema.js';
import type { StandardResult } from '../schema/standard-schema.js';
import { isThenable } from '../thrown.js';
import type { AnyMessage } from '../wire/beta.js';
import type { Message } from '../wire/message.js';
import { OutputError } from './output-error.js';

/**
 * The output of a finished message: its text as JSON, parsed by the schema.
 * @throws OutputError (rejects) where it isn't the output, or not all of it; AnthropicError where the
 *   schema itself fails.
 */
export async function parseOutput(
  message: AnyMessage,
  schema: Schema,
  requestId: string | undefined,
): Promise<unknown> {
  const written = readWritten(message, requestId);
  try {
    return outputOf(await validate(schema, written.value), written);
  } catch (error) {
    throw addContext(asAnthropicError(error), written.context);
  }
}

/**
 * The same at once.
 * @throws OutputError
 * @throws AnthropicError where the schema validates asynchronously.
 */
export function parseOutputSync(
  message: AnyMessage,
  schema: Schema,
  requestId: string | undefined,
): unknown {
  const written = readWritten(message, requestId);
  try {
    const result = validate(schema, written.value);
    if (!isThenable(result)) return outputOf(result, written);
    markHandled(result);
  } catch (error) {
    throw addContext(asAnthropicError(error), written.context);
  }
  throw new AnthropicError(
    'this schema validates asynchronously, which needs a promise: use await format.parse(message), ' +
      "or Anthropic from 'millrace'",
    written.context,
  );
}

/** What the model wrote, before the schema has seen it. */
interface Written {
  value: unknown;
  text: string;
  context: ErrorContext;
}

/** @throws OutputError for a message that isn't finished, or isn't JSON. */
function readWritten(message: AnyMessage, requestId: string | undefined): Written {
  const text = textOf(message);
  const context = { partialMessage: message as Message, requestId };
  const unfinished = UNFINISHED.get(message.stop_reason ?? '');
  if (unfinished !== undefined) throw new OutputError(unfinished, text, context);
  return { value: parse(text, context), text, context };
}

function outputOf(result: StandardResult<unknown>, { text, context }: Written): unknown {
  const { issues } = result;
  if (issues === undefined) return result.value;
  throw new OutputError('the output does not fit its schema', text, { ...context, issues });
}

/** Stop reasons before the end of the output: the text is incomplete. */
const UNFINISHED: ReadonlyMap<string, string> = new Map([
  ['refusal', 'there is no output: the model refused'],
  ['max_tokens', 'the output is cut: max_tokens was reached'],
  ['model_context_window_exceeded', 'the output is cut: the context window is full'],
  ['pause_turn', 'there is no output yet: the turn is paused'],
  ['tool_use', 'there is no output yet: the model calls tools'],
]);

function parse(text: string, context: object): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const issues = [{ message: (cause as Error).message }];
    throw new OutputError('the output is not JSON', text, { ...context, issues, cause });
  }
}
