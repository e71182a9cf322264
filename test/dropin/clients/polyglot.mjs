import createInstructor from '@instructor-ai/instructor';
import { createLLMClient } from 'llm-polyglot';
import { z } from 'zod';

function llm({ baseURL, apiKey }) {
  // It passes no address on; the variable is read when its client is made.
  process.env.ANTHROPIC_BASE_URL = baseURL;
  return createLLMClient({ provider: 'anthropic', apiKey });
}

const params = (content) => ({
  model: 'claude-sonnet-4-5',
  max_tokens: 1024,
  stream: true,
  messages: [{ role: 'user', content }],
});

export const clients = {
  'llm-polyglot': {
    of: 'llm-polyglot',
    async text({ prompt, ...server }) {
      let text = '';
      for await (const chunk of await llm(server).chat.completions.create(params(prompt))) {
        text += chunk.choices[0]?.delta?.content ?? '';
      }
      return text;
    },
  },
  Instructor: {
    of: '@instructor-ai/instructor',
    async call({ prompt, ...server }) {
      const instructor = createInstructor({ client: llm(server), mode: 'TOOLS' });
      const schema = z.object({ city: z.string() });
      const response_model = { schema, name: 'weather' };
      const request = { ...params(prompt), response_model, max_retries: 0 };
      let last;
      for await (const part of await instructor.chat.completions.create(request)) last = part;
      return { city: last?.city };
    },
  },
};
