import { createAnthropic } from '@ai-sdk/anthropic';
import { streamText } from 'ai';

export const clients = {
  'AI SDK 7': {
    of: 'ai',
    // It has a client of its own: a drop-in changes nothing.
    ownClient: true,
    async text({ baseURL, apiKey, prompt }) {
      const model = createAnthropic({ baseURL: `${baseURL}/v1`, apiKey })('claude-opus-4-8');
      const { textStream } = streamText({ model, prompt, onError() {} });
      let text = '';
      for await (const delta of textStream) text += delta;
      return text;
    },
  },
};
