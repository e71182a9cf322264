import { describe, expect, it, vi } from 'vitest';
import type { ToolUseBlock } from '../../src/index.js';
import { toMessageParam } from '../../src/message/to-message-param.js';
import { toolInput } from '../../src/message/tool-input.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { CUT, TOOL } from './partial-input-streams.js';

vi.mock('../../src/message/partial-input.js', () => {
  throw new TypeError('Failed to fetch dynamically imported module');
});

const callIn = (stream: MessageStream): ToolUseBlock =>
  stream.currentMessageSnapshot?.content[1] as ToolUseBlock;

describe('where the code that shows unfinished inputs does not load', () => {
  it('inputs are empty until their block ends, and then whole', async () => {
    const stream = MessageStream.from(new Response(TOOL));
    const seen: unknown[] = [];
    stream.on('inputJson', (json, input) => {
      seen.push([json, input, callIn(stream).input, toolInput(callIn(stream)).status]);
    });
    await stream.untilDone();
    expect(seen).toEqual([
      ['{"city":"Z', {}, {}, 'cut'],
      ['ürich"}', {}, {}, 'cut'],
    ]);
    expect(callIn(stream).input).toEqual({ city: 'Zürich' });
    expect(toolInput(callIn(stream)).status).toBe('complete');
  });

  it('an input that is cut is no complete one', async () => {
    const stream = MessageStream.from(new Response(CUT));
    const message = await stream.getFinalMessage();
    const call = message.content[1] as ToolUseBlock;
    expect(call.input).toEqual({});
    expect(toolInput(call)).toMatchObject({ status: 'invalid', json: '{"city":"Z' });
    expect(toolInput(call).reason).not.toBe('');
    expect(toMessageParam(message).content).toHaveLength(1);
  });
});
