/*
 * The options that several commands share. The parser, the help and the completion scripts are all
 * derived from these tables.
 */

export const PROMPT = {
  model: { type: 'text', short: 'm', value: 'NAME', default: 'claude-opus-4-8', help: 'the model' },
  system: { type: 'text', short: 's', value: 'TEXT', help: 'the system prompt' },
  file: {
    type: 'file',
    short: 'f',
    value: 'FILE',
    multiple: true,
    help: 'attach an image, a PDF or a text file; repeatable',
  },
} as const;

export const SCHEMA = {
  schema: {
    type: 'file',
    value: 'FILE',
    help: 'a JSON Schema for the answer, in a file or as it is; the answer is JSON, and checked',
  },
} as const;

export const TOOLS = {
  tools: {
    type: 'file',
    value: 'FILE',
    help: 'a JSON list of tools; their input is shown as it is written',
  },
} as const;

/** How the model generates the answer. */
export const GENERATION = {
  'max-tokens': {
    type: 'count',
    value: 'N',
    default: '4096',
    help: 'the maximum number of tokens, thinking included',
  },
  temperature: { type: 'fraction', value: 'N', help: '0 to 1; older models only' },
  thinking: {
    type: 'flag',
    help: 'let the model think first; shown dim on a terminal, not in a pipe',
  },
} as const;

/** What is printed on stdout in place of the text. */
export const FORMATS = {
  json: { type: 'flag', help: 'print the finished message as JSON' },
  jsonl: { type: 'flag', help: 'print the events as they arrive, one JSON object per line' },
  extract: { type: 'flag', help: 'print only the content of the first fenced code block' },
} as const;

export const DISPLAY = {
  smooth: { type: 'flag', help: 'show the text at an even pace' },
  usage: { type: 'flag', help: 'print all usage counters on stderr' },
} as const;

export const RECORD = {
  record: {
    type: 'file',
    value: 'FILE',
    help: 'write the events to a file as JSON lines, for millrace replay',
  },
} as const;

/** How the request is sent, and what happens when it fails. */
export const NETWORK = {
  'base-url': {
    type: 'text',
    value: 'URL',
    help: 'a server other than https://api.anthropic.com',
  },
  'auth-header': {
    type: 'authHeader',
    value: 'NAME',
    default: 'bearer',
    help: 'the header for the key: bearer (Authorization), x-api-key or both',
  },
  proxy: {
    type: 'text',
    value: 'URL',
    help: 'the HTTP proxy for requests; default: that of HTTPS_PROXY or HTTP_PROXY, less NO_PROXY',
  },
  'no-proxy': { type: 'flag', help: 'use no proxy' },
  timeout: {
    type: 'timeout',
    value: '[CLOCK=]TIME',
    multiple: true,
    help: 'the longest wait for headers and between bytes, such as 30 (seconds) or 2m; or the limit of one clock (response, idle, stall, total), such as total=5m; repeatable',
  },
  'max-retries': {
    type: 'retries',
    value: 'N',
    default: '2',
    help: 'how often to retry a request before content arrives',
  },
  recover: { type: 'flag', help: 'request the rest of an answer that breaks off' },
} as const;

/** Where requests go if nothing names a server. */
export const UPSTREAM = 'https://api.anthropic.com';

/** Where a server listens. */
export const ADDRESS = {
  port: {
    type: 'port',
    short: 'p',
    value: 'N',
    default: '8080',
    help: 'the port; 0 picks a free one',
  },
  host: { type: 'text', value: 'ADDRESS', default: '127.0.0.1', help: 'the address to listen on' },
} as const;

export const HELP = {
  help: { type: 'flag', short: 'h', help: 'show this help' },
} as const;
