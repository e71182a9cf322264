import Anthropic from '@anthropic-ai/sdk';

const client = (baseURL, apiKey) => new Anthropic({ baseURL, apiKey });
const params = (content) => ({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content }],
});

async function textOf(events) {
  let text = '';
  for await (const event of events) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      text += event.delta.text;
    }
  }
  return text;
}

const of = '@anthropic-ai/sdk';

export const clients = {
  'SDK finalMessage()': {
    of,
    async text({ baseURL, apiKey, prompt }) {
      return client(baseURL, apiKey).messages.stream(params(prompt)).finalText();
    },
    async call({ baseURL, apiKey, prompt }) {
      const tools = [{ name: 'weather', input_schema: { type: 'object' } }];
      const stream = client(baseURL, apiKey).messages.stream({ ...params(prompt), tools });
      const { content } = await stream.finalMessage();
      return content.find(({ type }) => type === 'tool_use')?.input;
    },
  },
  'SDK stream loop': {
    of,
    text: ({ baseURL, apiKey, prompt }) =>
      textOf(client(baseURL, apiKey).messages.stream(params(prompt))),
  },
  'SDK create stream': {
    of,
    text: async ({ baseURL, apiKey, prompt }) =>
      textOf(await client(baseURL, apiKey).messages.create({ ...params(prompt), stream: true })),
  },
  'SDK listeners': {
    of,
    text: ({ baseURL, apiKey, prompt }) =>
      new Promise((resolve, reject) => {
        let text = '';
        const stream = client(baseURL, apiKey).messages.stream(params(prompt));
        stream.on('text', (delta) => {
          text += delta;
        });
        stream.on('error', reject).on('end', () => resolve(text));
      }),
  },
  'SDK toolRunner': {
    of,
    async text({ baseURL, apiKey, prompt }) {
      const { messages } = client(baseURL, apiKey).beta;
      let text = '';
      const runner = messages.toolRunner({ ...params(prompt), tools: [], stream: true });
      for await (const stream of runner) text += await textOf(stream);
      return text;
    },
  },
};
