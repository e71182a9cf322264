import { getModel, stream } from '@mariozechner/pi-ai';

export const clients = {
  'pi-ai': {
    of: '@mariozechner/pi-ai',
    async text({ baseURL, apiKey, prompt }) {
      const model = { ...getModel('anthropic', 'claude-sonnet-4-5'), baseUrl: baseURL };
      const messages = [{ role: 'user', content: prompt, timestamp: Date.now() }];
      let text = '';
      for await (const event of stream(model, { messages }, { apiKey })) {
        if (event.type === 'text_delta') text += event.delta;
        if (event.type === 'error') throw new Error(event.error.errorMessage);
      }
      return text;
    },
  },
};
