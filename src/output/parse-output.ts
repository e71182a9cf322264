import { addContext } from '../errors.js';
import type { UntypedBlock } from '../message/untyped.js';
import { type Schema, validate } from '../schema/schema.js';
import { textOf } from '../stream/text-of.js';
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
  const text = textOf(message.content as UntypedBlock[]);
  const context = { partialMessage: message as Message, requestId };
  const unfinished = UNFINISHED.get(message.stop_reason ?? '');
  if (unfinished !== undefined) throw new OutputError(unfinished, text, context);
  const value = parse(text, context);
  const { issues, ...result } = await validate(schema, value).catch((error) => {
    throw addContext(error, context);
  });
  if (issues === undefined) return (result as { value: unknown }).value;
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
