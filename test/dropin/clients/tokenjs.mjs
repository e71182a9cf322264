import { TokenJS } from 'token.js';

export const clients = {
  'token.js': {
    of: 'token.js',
    async text({ baseURL, apiKey, prompt }) {
      // It passes no address on; the variable is read when its client is made.
      process.env.ANTHROPIC_BASE_URL = baseURL;
      const tokenjs = new TokenJS({ apiKey });
      const stream = await tokenjs.chat.completions.create({
        stream: true,
        provider: 'anthropic',
        model: 'claude-3-5-sonnet-latest',
        max_tokens: 1024,
        messages: [{ role: 'user', content: prompt }],
      });
      let text = '';
      for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? '';
      return text;
    },
  },
};
