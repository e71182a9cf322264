import { anthropic } from '@llamaindex/anthropic';

export const clients = {
  LlamaIndex: {
    of: '@llamaindex/anthropic',
    async text({ baseURL, apiKey, prompt }) {
      // The option `baseURL` of the class is ignored; the variable is read when a client is made.
      process.env.ANTHROPIC_BASE_URL = baseURL;
      const llm = anthropic({ model: 'claude-sonnet-4-5', apiKey, maxTokens: 1024 });
      void llm.session;
      let text = '';
      const messages = [{ role: 'user', content: prompt }];
      for await (const chunk of await llm.chat({ messages, stream: true })) text += chunk.delta;
      return text;
    },
  },
};
