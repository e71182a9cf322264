/**
 * What `SyncAnthropic` and its streams don't have of `Anthropic`, by type: the table in docs/blocking.md,
 * which parity-members.test.ts holds against this one and the classes, and parity-members.test-d.ts against
 * the types.
 */
export const NOT_HERE = {
  ClientOptions: ['fetch', 'agent', 'inspect', 'clock', 'dangerouslyAllowBrowser'],
  RequestOptions: ['signal'],
  MessageStream: ['toResponse', 'pipeTo'],
  Stream: ['toReadableStream'],
  ToolRunner: ['decide', 'on', 'once', 'off', 'toResponse', 'pipeTo'],
} as const;

/** Members whose types differ by more than a promise: what they take. */
export const TAKES_OTHER = ['MessageStream.from', 'Stream.rawEvents'] as const;

/** Not for users. */
export const INTERNAL = [
  'follow',
  'responseHead',
  'servedEvents',
  'wireEvents',
  'recordedEvents',
  'holdTools',
  'begun',
  'end',
  'stop',
  'complete',
  'wireOptions',
] as const;
