import {
  type ContentReply,
  type EmulatorRequest,
  type Reply,
  reply,
} from '../../src/testing/index.js';

/**
 * The answer to any request of a document or an example, for an emulator: thinking where it is asked for,
 * then JSON where a format asks for it, else calls of the tools that are there, and once they have
 * results a text.
 */
export function answerTo(request: EmulatorRequest): Reply {
  const { type = 'disabled' } = request.body.thinking ?? {};
  const answer = answerOf(request);
  const thinks = type === 'enabled' || type === 'adaptive';
  return thinks ? reply.sequence(reply.thinking('Let me think.'), answer) : answer;
}

function answerOf({ body }: EmulatorRequest): ContentReply {
  const schema = body.output_config?.format?.schema;
  const calls = (body.tools ?? []).flatMap(({ name, input_schema }) =>
    input_schema === undefined ? [] : reply.toolUse(String(name), sampleOf(input_schema) as object),
  );
  const { content } = body.messages.at(-1) ?? {};
  const isAnswered = Array.isArray(content) && content[0]?.type === 'tool_result';
  if (calls.length > 0 && !isAnswered) return reply.sequence(reply.text('Let me see.'), ...calls);
  return reply.text(schema === undefined ? 'Once upon a time.' : JSON.stringify(sampleOf(schema)));
}

/** A value that fits a JSON Schema of the simple kind. */
function sampleOf(schema: unknown): unknown {
  const { type, properties, items, enum: choices } = schema as Record<string, never>;
  return choices?.[0] ?? samples[String(type)]?.({ properties, items });
}

type Parts = { properties: object | undefined; items: unknown };

const samples: Readonly<Record<string, ((parts: Parts) => unknown) | undefined>> = {
  string: () => 'San Francisco',
  number: () => 18,
  integer: () => 18,
  boolean: () => true,
  array: ({ items }) => [sampleOf(items), sampleOf(items)],
  object: ({ properties = {} }) =>
    Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, sampleOf(one)])),
};
