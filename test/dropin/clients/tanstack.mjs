import { chat } from '@tanstack/ai';
import { createAnthropicChat } from '@tanstack/ai-anthropic';

export const clients = {
  'TanStack AI': {
    of: '@tanstack/ai-anthropic',
    async text({ baseURL, apiKey, prompt }) {
      const adapter = createAnthropicChat('claude-opus-4-8', apiKey, { baseURL });
      let text = '';
      for await (const chunk of chat({ adapter, messages: [{ role: 'user', content: prompt }] })) {
        if (chunk.type === 'TEXT_MESSAGE_CONTENT') text += chunk.delta;
        if (chunk.type === 'RUN_ERROR') throw new Error(chunk.message ?? chunk.error?.message);
      }
      return text;
    },
  },
};
