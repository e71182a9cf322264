import { expectTypeOf, it } from 'vitest';
import type { MessageParam } from '../../src/index.js';
import { Anthropic, outputFormat, tool } from '../../src/index.js';
import { createRelay } from '../../src/relay/index.js';

const client = new Anthropic({ apiKey: 'key' });
const tools = [tool({ name: 'a', input: { type: 'object', properties: {} }, run: () => '' })];
const format = outputFormat({ type: 'object', properties: { a: { type: 'string' } } });

it('resumeRun may return a runner of any kind', () => {
  createRelay({ resumeRun: (_, run) => client.messages.toolRunner({ ...run.params, tools }) });
  createRelay({
    resumeRun: async (_, { params }) =>
      client.beta.messages.toolRunner({ ...params, betas: ['a'], tools }),
  });
  createRelay({
    resumeRun: (_, { params }) =>
      client.messages.toolRunner({ ...params, output_config: { format }, tools }),
  });
  createRelay({
    resumeRun: (id, { messages }) => {
      expectTypeOf(id).toBeString();
      expectTypeOf(messages).toEqualTypeOf<readonly MessageParam[]>();
      return undefined;
    },
  });
  // @ts-expect-error: params are no runner.
  createRelay({ resumeRun: (_, run) => run.params });
});
