import { expect, it } from 'vitest';
import { fault, reply } from '../../src/testing/index.js';
import { tool } from '../../src/tools/tool.js';
import { PARAMS } from '../stream/support.js';
import { instrumented, type Sdk, sdk } from './support.js';

const CANARY = /canary-\w+/g;

/** Canaries in everything that is sent, received and thrown. */
async function run(made: Sdk, options: { content?: boolean }): Promise<string[]> {
  const refused = reply.error(400, 'the prompt canary-error is too long');
  const thinking = reply.sequence(reply.thinking('canary-thought'), reply.text('canary-reply'));
  const broken = reply.faulty(reply.text('canary-half canary-half'), fault.cut({ phase: 'text' }));
  const client = instrumented(
    made,
    [reply.toolUse('look', { at: 'canary-input' }), thinking, broken, refused],
    options,
  );
  const look = tool({
    name: 'look',
    description: 'canary-tool',
    input: { type: 'object', properties: { at: { type: 'string' } } },
    run: () => 'canary-result',
  });
  const asking = {
    ...PARAMS,
    system: 'canary-system',
    messages: [{ role: 'user' as const, content: 'canary-prompt' }],
  };
  await client.messages.toolRunner({ ...asking, tools: [look] }).getFinalMessage();
  await client.messages
    .stream(asking)
    .untilDone()
    .catch(() => {});
  await client.messages
    .stream(asking)
    .untilDone()
    .catch(() => {});
  const spans = made.spans().map(({ name, attributes, events, status, links }) => ({
    ...{ name, attributes, events, status, links },
  }));
  const names = await made.metricNames();
  const points = await Promise.all(names.map((name) => made.points(name)));
  expect(spans.length).toBeGreaterThan(8);
  const exported = JSON.stringify([spans, points]);
  expect(exported).not.toContain('sk-secret');
  return [...new Set(exported.match(CANARY) ?? [])].sort();
}

it('what was said is not exported', async () => {
  await using made = sdk();
  expect(await run(made, {})).toEqual([]);
});

it('with content: true all of it is', async () => {
  await using made = sdk();
  expect(await run(made, { content: true })).toEqual(
    [
      ...['canary-half', 'canary-error', 'canary-input', 'canary-prompt', 'canary-reply'],
      ...['canary-result', 'canary-system', 'canary-thought', 'canary-tool'],
    ].sort(),
  );
});

it('messages have the form of the conventions', async () => {
  await using made = sdk();
  const client = instrumented(made, [reply.toolUse('look', { at: 'x' })], { content: true });
  await client.messages
    .stream({
      ...PARAMS,
      system: 'Be brief.',
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'look', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'y' }] },
      ],
      tools: [{ name: 'look', description: 'Looks', input_schema: { type: 'object' } }],
    })
    .untilDone();
  const { attributes = {} } = made.spans().at(-1) ?? {};
  const json = (name: string): unknown => JSON.parse(String(attributes[name]));
  expect(json('gen_ai.system_instructions')).toEqual([{ type: 'text', content: 'Be brief.' }]);
  expect(json('gen_ai.input.messages')).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'Hi' }] },
    { role: 'assistant', parts: [{ type: 'tool_call', id: 't', name: 'look', arguments: {} }] },
    { role: 'user', parts: [{ type: 'tool_call_response', id: 't', response: 'y' }] },
  ]);
  expect(json('gen_ai.tool.definitions')).toEqual([
    { type: 'function', name: 'look', description: 'Looks', parameters: { type: 'object' } },
  ]);
  expect(json('gen_ai.output.messages')).toEqual([
    {
      role: 'assistant',
      parts: [expect.objectContaining({ type: 'tool_call', name: 'look', arguments: { at: 'x' } })],
      finish_reason: 'tool_call',
    },
  ]);
});
