import { AnthropicApi } from '@continuedev/openai-adapters/dist/apis/Anthropic.js';

export const clients = {
  'Continue adapters': {
    of: '@continuedev/openai-adapters',
    // It fetches by itself: a drop-in changes nothing.
    ownClient: true,
    async text({ baseURL, apiKey, prompt }) {
      const api = new AnthropicApi({ provider: 'anthropic', apiKey, apiBase: `${baseURL}/v1/` });
      const params = {
        model: 'claude-sonnet-4-5',
        max_tokens: 1024,
        stream: true,
        messages: [{ role: 'user', content: prompt }],
      };
      let text = '';
      const { signal } = new AbortController();
      for await (const chunk of api.chatCompletionStream(params, signal)) {
        text += chunk.choices[0]?.delta?.content ?? '';
      }
      return text;
    },
  },
};
