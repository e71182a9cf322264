import { expect, it } from 'vitest';
import { traceSource } from '../../src/stream/traced-source.js';
import { fanOut } from '../../src/trace/fan-out.js';
import { traceRun } from '../../src/trace/run-trace.js';
import type { Sink } from '../../src/trace/sink.js';
import { traceCall } from '../../src/trace/trace-call.js';
import { systemClock } from '../../src/transport/clock.js';
import { PARAMS } from '../stream/support.js';
import { listen } from './support.js';

const CALLER = {
  observe: undefined,
  sinks: new Set<Sink>(),
  baseURL: '',
  clock: systemClock,
} as const;
const CALL = { operation: 'stream', path: '/v1/messages', params: PARAMS } as const;

it('without a listener there is no trace, and a source is not wrapped: an event costs nothing', () => {
  expect(fanOut(CALLER)).toBe(undefined);
  expect(traceRun(CALLER, PARAMS)).toBe(undefined);
  const trace = traceCall(CALLER, CALL);
  expect(trace).toBe(undefined);
  const source = { connect: () => undefined, next: () => undefined, cancel: () => {} } as never;
  expect(traceSource(trace, source)).toBe(source);
});

it('with one there is', () => {
  using _ = listen('stream');
  const trace = traceCall(CALLER, CALL);
  const source = { connect: () => undefined, next: () => undefined, cancel: () => {} } as never;
  expect(traceSource(trace, source)).not.toBe(source);
});

it('without subscribers to progress, no event is told', () => {
  using _ = listen('stream');
  expect(traceCall(CALLER, CALL)).toMatchObject({ wantsProgress: false, wantsContent: false });
  using __ = listen('progress');
  expect(traceCall(CALLER, CALL)).toMatchObject({ wantsProgress: true, wantsContent: false });
});
