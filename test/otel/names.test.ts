import * as semconv from '@opentelemetry/semantic-conventions/incubating';
import { expect, it } from 'vitest';
import { NAMES } from '../../src/otel/names.js';

const PUBLISHED: ReadonlySet<unknown> = new Set(Object.values(semconv));

const metricsOf = (of: keyof typeof NAMES): string[] => [
  ...Object.values(NAMES[of].durations),
  ...NAMES[of].tokens.map(({ name }) => name),
];

it('each name of 1.45 is published by semantic-conventions 1.45', () => {
  const { attributes, tokens } = NAMES['1.45'];
  const names = [...Object.values(attributes), ...metricsOf('1.45')];
  const more = tokens.flatMap((metric) => Object.keys(metric.attributes ?? {}));
  const own = ['error.type', 'server.address', 'server.port', 'http.request.method', 'url.full'];
  const http = ['http.request.resend_count', 'http.response.status_code'];
  const all = [...names, ...more, ...own, ...http];
  expect(all.length).toBeGreaterThan(30);
  expect(all.filter((name) => !PUBLISHED.has(name))).toEqual([]);
});

it('the latest names differ where the conventions have moved on', () => {
  const { attributes } = NAMES.latest;
  const before = NAMES['1.45'].attributes;
  const changed = Object.entries(attributes).filter(
    ([name, value]) => before[name as keyof typeof before] !== value,
  );
  expect(changed).toEqual([['cacheWriteTokens', 'gen_ai.usage.cache_write.input_tokens']]);
  const kept = metricsOf('latest').filter((name) => PUBLISHED.has(name));
  expect(kept).toEqual(['gen_ai.client.operation.duration']);
});
