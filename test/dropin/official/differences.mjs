/** Why a test of the official SDK fails over the drop-in, each on purpose: `file: name of the test` → the reason. */
export const DIFFERENCES = [
  {
    tests:
      /stainless|SDK_HELPER_SYMBOL|automatic helper header|preserves helper headers|retry count header|^user-agent:|bypasses the long-request|computed default timeout/,
    reason: 'headers about the SDK itself (`x-stainless-*`, `user-agent`) are not sent',
  },
  {
    tests: /^index: .*logging|^responses: .*(envelope|array|string) response/,
    reason: 'constructs an `APIPromise` of private parts',
  },
  {
    tests: /^responses: .*(withResponse|object response)/,
    reason: 'an answer that is no message is an error',
  },
  { tests: /^responses: .*page response/, reason: 'a page has its `_request_id`' },
  { tests: /throws for long requests/, reason: 'a long answer is streamed under the hood' },
  { tests: /^streaming: /, reason: 'an event without data is dropped, as the standard says' },
  {
    tests: /^abort-listener-cleanup: /,
    reason: 'counts listeners of the signal, where there are none',
  },
  { tests: /parses tool input lazily/, reason: 'counts calls of a private parser' },
  { tests: /inputJson snapshots/, reason: 'unfinished strings of tool input show' },
  {
    tests: /partial JSON/,
    reason: 'invalid or unfinished tool input is marked in its block, and ends no stream',
  },
  { tests: /^resources\/.*parse: /, reason: 'constructs the class of a resource' },
  {
    tests: /fallbackState|compact/,
    reason: '`fallbackState`, `middleware` and `compactionControl` are refused',
  },
  {
    tests: /ToolRunnerE2E|beta\/zod: /,
    reason:
      'the schema of a zod tool has no `$schema`, no shared `$defs`, and is closed only where it is `strict`',
  },
  {
    tests: /^helpers\/transform-json-schema: /,
    reason:
      '`default` and `pattern` are kept, and `additionalProperties: true` is told to the model',
  },
  { tests: /^uploads: /, reason: 'other words in an error' },
];
