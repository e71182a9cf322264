import { describe, expect, it } from 'vitest';
import { toMessageParams, type UIMessageLike } from '../../src/ai-sdk/index.js';

const PNG = 'iVBORw0KGgo=';

const CASES: readonly [what: string, messages: readonly UIMessageLike[], params: unknown][] = [
  [
    'texts of both sides, and a system turn',
    [
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', parts: [{ type: 'step-start' }, { type: 'text', text: 'Hello' }] },
    ],
    [
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'Hello' }] },
    ],
  ],
  [
    'files: images, PDFs and texts',
    [
      {
        role: 'user',
        parts: [
          { type: 'file', mediaType: 'image/png', url: `data:image/png;base64,${PNG}` },
          { type: 'file', mediaType: 'image/png', url: 'https://a.b/c.png' },
          { type: 'file', mediaType: 'application/pdf', url: 'https://a.b/c.pdf', filename: 'c' },
          { type: 'file', mediaType: 'text/csv', url: `data:text/csv;base64,${btoa('a,b')}` },
        ],
      },
    ],
    [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
          { type: 'image', source: { type: 'url', url: 'https://a.b/c.png' } },
          { type: 'document', source: { type: 'url', url: 'https://a.b/c.pdf' }, title: 'c' },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a,b' } },
        ],
      },
    ],
  ],
  [
    'thinking that is signed, and none that is not',
    [
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'Hm.', providerMetadata: { anthropic: { signature: 's' } } },
          { type: 'reasoning', text: 'So.' },
          { type: 'reasoning', text: '', providerMetadata: { anthropic: { redactedData: 'r' } } },
        ],
      },
    ],
    [
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 's' },
          { type: 'redacted_thinking', data: 'r' },
        ],
      },
    ],
  ],
  [
    'calls with their results, step by step; calls without one are left out',
    [
      {
        role: 'assistant',
        parts: [
          { type: 'step-start' },
          { type: 'tool-a', toolCallId: '1', state: 'output-available', input: {}, output: 'x' },
          { type: 'tool-a', toolCallId: '2', state: 'output-error', input: {}, errorText: 'no' },
          { type: 'dynamic-tool', toolName: 'b', toolCallId: '3', state: 'output-denied' },
          { type: 'tool-a', toolCallId: '4', state: 'input-available', input: {} },
          {
            type: 'tool-a',
            toolCallId: '5',
            state: 'output-available',
            input: {},
            output: 1,
            preliminary: true,
          },
          { type: 'step-start' },
          { type: 'text', text: 'Done.' },
          { type: 'source-url', url: 'https://a.b' },
        ],
      },
    ],
    [
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: '1', name: 'a', input: {} },
          { type: 'tool_use', id: '2', name: 'a', input: {} },
          { type: 'tool_use', id: '3', name: 'b', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: '1', content: 'x' },
          { type: 'tool_result', tool_use_id: '2', content: 'no', is_error: true },
          {
            type: 'tool_result',
            tool_use_id: '3',
            content: 'The user denied this call.',
            is_error: true,
          },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'Done.' }] },
    ],
  ],
  [
    'a tool that the API ran, with its result',
    [
      {
        role: 'assistant',
        parts: [
          {
            type: 'tool-web_search',
            toolCallId: 's',
            state: 'output-available',
            providerExecuted: true,
            input: { query: 'x' },
            output: [],
            resultProviderMetadata: { anthropic: { type: 'web_search_tool_result' } },
          },
          { type: 'tool-x', toolCallId: 't', state: 'output-available', providerExecuted: true },
        ],
      },
    ],
    [
      {
        role: 'assistant',
        content: [
          { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } },
          { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
        ],
      },
    ],
  ],
];

describe('the messages of useChat as params', () => {
  it.each(CASES)('%s', (_, messages, params) => {
    expect(toMessageParams(messages)).toEqual(params);
  });

  it.each<[what: string, messages: unknown, advice: string]>([
    ['messages of the API', [{ role: 'user', content: 'Hi' }], 'pass the messages of useChat'],
    [
      'a file of another type',
      [{ role: 'user', parts: [{ type: 'file', mediaType: 'audio/mp3', url: 'data:' }] }],
      "a file of type audio/mp3 can't be sent",
    ],
  ])('refuses %s', (_, messages, advice) => {
    expect(() => toMessageParams(messages as UIMessageLike[])).toThrow(advice);
  });
});
