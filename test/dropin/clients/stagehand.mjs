// Stagehand makes its client from the name of a model, and needs a browser for the rest.
import { AnthropicClient } from '../node_modules/@browserbasehq/stagehand/dist/esm/lib/v3/llm/AnthropicClient.js';

const logger = () => {};

export const clients = {
  Stagehand: {
    of: '@browserbasehq/stagehand',
    isUnary: true,
    async text({ baseURL, apiKey, prompt }) {
      const client = new AnthropicClient({
        logger,
        modelName: 'claude-sonnet-4-5',
        clientOptions: { baseURL, apiKey },
      });
      const options = { messages: [{ role: 'user', content: prompt }], maxOutputTokens: 1024 };
      const { choices } = await client.createChatCompletion({ options, logger, retries: 0 });
      return choices[0]?.message.content;
    },
  },
};
