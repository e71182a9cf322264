import { createAnthropic } from '@ai-sdk/anthropic';
import { Agent } from '@mastra/core/agent';

export const clients = {
  Mastra: {
    of: '@mastra/core',
    // It calls the API through the AI SDK: a drop-in changes nothing.
    ownClient: true,
    async text({ baseURL, apiKey, prompt }) {
      const model = createAnthropic({ baseURL: `${baseURL}/v1`, apiKey })('claude-sonnet-4-5');
      const fields = { id: 'a', name: 'a', instructions: 'Be brief.', model };
      const output = await new Agent(fields).stream(prompt);
      let text = '';
      for await (const delta of output.textStream) text += delta;
      return text;
    },
  },
};
