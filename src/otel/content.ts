import type { Attributes } from '@opentelemetry/api';
import { MessageDraft } from '../message/draft.js';
import type { UntypedEvent, UntypedMessage } from '../message/untyped.js';
import { restartIndex } from '../stream/restart.js';
import { finishReason } from './attributes.js';
import type { Names } from './names-table.js';

type Fields = Readonly<Record<string, unknown>>;

/** What a request says, as JSON in the form of the conventions. */
export function requestContent({ messages, system, tools }: Fields, names: Names): Attributes {
  const { inputMessages, systemInstructions, toolDefinitions } = names.attributes;
  const said = Array.isArray(messages) ? messages.map(toMessage) : [];
  return {
    [inputMessages]: JSON.stringify(said),
    ...(system != null && { [systemInstructions]: JSON.stringify(toParts(system)) }),
    ...(Array.isArray(tools) && { [toolDefinitions]: JSON.stringify(tools.map(toDefinition)) }),
  };
}

/** What a response says. */
export function responseContent(
  { role, content, stop_reason }: UntypedMessage,
  names: Names,
): Attributes {
  const finish_reason = typeof stop_reason === 'string' ? finishReason(stop_reason) : 'error';
  const message = { ...toMessage({ role, content }), finish_reason };
  return { [names.attributes.outputMessages]: JSON.stringify([message]) };
}

function toMessage({ role, content }: Fields): { role: unknown; parts: object[] } {
  return { role, parts: toParts(content) };
}

function toParts(content: unknown): object[] {
  if (typeof content === 'string') return [{ type: 'text', content }];
  if (!Array.isArray(content)) return [];
  return content.map((block: Fields) => PARTS[String(block.type)]?.(block) ?? block);
}

/** Blocks that the conventions have a form for; others are passed on as they are. */
const PARTS: Readonly<Record<string, (block: Fields) => object>> = {
  text: ({ text }) => ({ type: 'text', content: text }),
  thinking: ({ thinking }) => ({ type: 'reasoning', content: thinking }),
  tool_use: ({ id, name, input }) => ({ type: 'tool_call', id, name, arguments: input }),
  tool_result: ({ tool_use_id, content }) => ({
    ...{ type: 'tool_call_response', id: tool_use_id },
    response: content,
  }),
};

function toDefinition({ name, description, input_schema, type }: Fields): object {
  return { type: type ?? 'function', name, description, parameters: input_schema };
}

/** The message that the events of a call make. */
export class ResponseDraft {
  readonly #draft = new MessageDraft();

  take(event: UntypedEvent): void {
    const restart = restartIndex(event);
    if (restart !== undefined) this.#draft.discardFrom(restart);
    else if (event.type === 'content_block_delta') this.#draft.delta(event);
    else this.#draft.apply(event);
  }

  get message(): UntypedMessage | undefined {
    return this.#draft.snapshot;
  }
}
