import { igniteEngine, loadModels, Message } from 'multi-llm-ts';

export const clients = {
  'multi-llm-ts': {
    of: 'multi-llm-ts',
    async text({ baseURL, apiKey, prompt }) {
      const config = { apiKey, baseURL };
      const engine = igniteEngine('anthropic', config);
      const model = engine.buildModel('claude-sonnet-4-5');
      let text = '';
      const thread = [new Message('system', 'Be brief.'), new Message('user', prompt)];
      for await (const chunk of engine.generate(model, thread)) {
        if (chunk.type === 'content') text += chunk.text;
      }
      return text;
    },
    models: ({ baseURL, apiKey }) => loadModels('anthropic', { apiKey, baseURL }),
  },
};
