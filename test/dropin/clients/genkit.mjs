import { anthropic } from '@genkit-ai/anthropic';
import { genkit } from 'genkit';

export const clients = {
  Genkit: {
    of: '@genkit-ai/anthropic',
    async text({ baseURL, apiKey, prompt }) {
      // The plugin has no option for the address.
      process.env.ANTHROPIC_BASE_URL = baseURL;
      const ai = genkit({ plugins: [anthropic({ apiKey })] });
      const model = anthropic.model('claude-sonnet-4-5');
      const { stream, response } = ai.generateStream({ model, prompt });
      response.catch(() => {});
      let text = '';
      for await (const chunk of stream) text += chunk.text;
      await response;
      return text;
    },
  },
};
