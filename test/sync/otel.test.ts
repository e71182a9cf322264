import { expect, it } from 'vitest';
import { sdk } from '../otel/support.js';
import { built } from './built.js';
import { PARAMS, setting } from './support.js';

const { instrument } = (await built('otel.js')) as typeof import('../../src/otel/index.js');

it('a blocking stream has the same spans', async () => {
  await using made = sdk();
  using opened = setting('flaky', { maxRetries: 2 });
  const { tracerProvider, meterProvider } = made;
  const off = instrument(opened.client, { tracerProvider, meterProvider });
  opened.client.messages.stream(PARAMS).untilDone();
  off();
  const spans = made.spans();
  expect(spans.map(({ name }) => name)).toEqual(['POST', 'POST', 'POST', `chat ${PARAMS.model}`]);
  const call = spans.at(-1);
  expect(call?.attributes).toMatchObject({
    'millrace.attempts': 3,
    'millrace.outcome': 'complete',
    'gen_ai.response.finish_reasons': ['stop'],
  });
  const parents = spans.slice(0, 3).map((span) => span.parentSpanContext?.spanId);
  expect(new Set(parents)).toEqual(new Set([call?.spanContext().spanId]));
});
