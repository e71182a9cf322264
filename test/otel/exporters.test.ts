import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { reply } from '../../src/testing/index.js';
import { PARAMS } from '../stream/support.js';
import { callSpan, instrumented, sdk } from './support.js';

const broken = (): never => {
  throw new Error('broken');
};

const hanging: SpanProcessor = {
  onStart: () => {},
  onEnd: () => {},
  forceFlush: () => new Promise(() => {}),
  shutdown: () => new Promise(() => {}),
};

const SDKS: Readonly<Record<string, () => Pick<TracerProvider, 'getTracer'>>> = {
  'a tracer that throws': () => ({
    getTracer: () => ({ startSpan: broken, startActiveSpan: broken }) as never,
  }),
  'a span whose methods throw': () => {
    const methods = ['setAttribute', 'setAttributes', 'addEvent', 'setStatus', 'end'];
    const span = Object.fromEntries(methods.map((name) => [name, broken]));
    return {
      getTracer: () =>
        ({ startSpan: () => ({ ...span, spanContext: broken, isRecording: broken }) }) as never,
    };
  },
  'a processor that throws': () =>
    new TracerProvider({ spanProcessors: [{ ...hanging, onStart: broken, onEnd: broken }] }),
  'a processor that hangs': () => new TracerProvider({ spanProcessors: [hanging] }),
};

describe.each(Object.entries(SDKS))('%s', (_, make) => {
  it('touches no stream', async () => {
    await using made = sdk();
    const tracerProvider = make();
    const meterProvider = { getMeter: broken } as never;
    const options = { content: true, perChunk: true };
    const replies = [reply.error(529, 'no'), reply.text('Hello')];
    const client = instrumented({ ...made, tracerProvider, meterProvider }, replies, options);
    expect(await client.messages.stream(PARAMS).getFinalText()).toBe('Hello');
  });
});

it('a receiver of OTLP gets the spans', async () => {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    request.on('data', (bytes) => bodies.push(bytes));
    request.on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  const processor = new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) });
  await using made = sdk();
  const tracerProvider = new TracerProvider({ spanProcessors: [processor] });
  const replies = [reply.error(529, 'no'), reply.text('Hello')];
  await instrumented({ ...made, tracerProvider }, replies)
    .messages.stream(PARAMS)
    .untilDone();
  await tracerProvider.forceFlush();
  await tracerProvider.shutdown();
  server.close();
  server.closeAllConnections();
  const { resourceSpans } = JSON.parse(Buffer.concat(bodies).toString());
  const [{ scope, spans }] = resourceSpans[0].scopeSpans;
  expect(scope.name).toBe('millrace');
  expect(spans.map(({ name }: { name: string }) => name)).toEqual([
    ...['POST', 'POST', 'chat claude-test'],
  ]);
});

it('a stream that is dropped unread ends its span once', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  await using made = sdk();
  const drop = async (): Promise<void> => {
    await instrumented(made, [reply.text('Hello')])
      .messages.stream(PARAMS)
      .connect();
  };
  await drop();
  const ended = (): boolean => made.spans().some(({ name }) => name.startsWith('chat'));
  for (let turns = 0; turns < 200 && !ended(); turns++) {
    gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { attributes } = callSpan(made.spans());
  expect(attributes).toMatchObject({ 'millrace.outcome': 'closed', 'millrace.attempts': 1 });
  expect(made.spans()).toHaveLength(2);
});
