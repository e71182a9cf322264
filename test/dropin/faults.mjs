/** What is tried: `spec` as in `millrace serve --faults`; `isOnce`: only the first request of a cell. */
const text = (spec) => ({ name: spec, spec });
const once = (spec) => ({ name: `once ${spec}`, spec, isOnce: true });
const call = (spec) => ({ name: spec, spec, kind: 'call' });

export const FAULTS = [
  // Those that may never end go first: they run beside the others.
  text('stall@text'),
  text('stall@headers'),
  text('left-open'),
  text('pings=1000@text'),
  call('stall@tool_input'),
  { name: 'none' },
  text('cut@text'),
  text('cut@700'),
  text('cut@event:message_start'),
  text('cut@event:message_delta'),
  text('reset@text'),
  text('error=overloaded_error@text'),
  text('error=overloaded_error@event:message_start'),
  text('status=400'),
  text('status=529'),
  once('status=529'),
  once('status=429'),
  once('refuse'),
  once('cut@event:message_start'),
  text('json'),
  text('data-only'),
  text('duplicate-start'),
  text('wrong-order=2'),
  text('garbage@text'),
  text('crlf'),
  text('cr'),
  text('bom'),
  text('no-space'),
  text('split-data'),
  text('comments'),
  text('no-final-blank-line'),
  text('gzip'),
  text('chunks=1'),
  { name: 'no fault, a tool call', kind: 'call' },
  call('cut@tool_input'),
];
