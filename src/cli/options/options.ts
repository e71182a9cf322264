/*
 * The options that several commands share. What is parsed, the help and the completion of shells all
 * come from these tables.
 */

/** What is asked, and of whom. */
export const QUESTION = {
  model: {
    type: 'text',
    short: 'm',
    value: 'NAME',
    default: 'claude-opus-4-8',
    help: 'the model to ask',
  },
  system: { type: 'text', short: 's', value: 'TEXT', help: 'the system prompt' },
  file: {
    type: 'file',
    short: 'f',
    value: 'FILE',
    multiple: true,
    help: 'send an image, a PDF or a text along; may be repeated',
  },
} as const;

export const TOOLS = {
  tools: {
    type: 'file',
    value: 'FILE',
    help: 'a JSON list of tools; their input is shown as it is written',
  },
} as const;

/** How the model is to write. */
export const WRITING = {
  'max-tokens': {
    type: 'count',
    value: 'N',
    default: '4096',
    help: 'the most tokens to write, thinking included',
  },
  temperature: { type: 'share', value: 'N', help: '0 to 1; older models only' },
  thinking: {
    type: 'flag',
    help: 'let the model think first; dim on a terminal, left out of a pipe',
  },
} as const;

/** What stdout is. */
export const FORMS = {
  json: { type: 'flag', help: 'the finished message as JSON, nothing before it' },
  jsonl: { type: 'flag', help: 'the events as they come, one JSON object a line' },
  extract: { type: 'flag', help: 'only what is in the first fenced code block' },
} as const;

export const SHOWING = {
  smooth: { type: 'flag', help: 'the text at an even pace, however it comes' },
  usage: { type: 'flag', help: 'every counter of the usage, on stderr' },
} as const;

export const RECORD = {
  record: {
    type: 'file',
    value: 'FILE',
    help: 'keep the events as JSON lines, for millrace replay',
  },
} as const;

/** How the request travels, and what is done when it fails. */
export const NETWORK = {
  'base-url': {
    type: 'text',
    value: 'URL',
    help: 'another server than https://api.anthropic.com',
  },
  timeout: {
    type: 'timeout',
    value: '[CLOCK=]TIME',
    multiple: true,
    help: 'longest wait for headers and between bytes: 30s; or of one clock: total=5m (response, idle, stall, total); may be repeated',
  },
  'max-retries': {
    type: 'retries',
    value: 'N',
    default: '2',
    help: 'how often a request is sent again before content came',
  },
  recover: { type: 'flag', help: 'ask for the rest where an answer breaks off' },
} as const;

/** Where a server listens. */
export const LISTENING = {
  port: {
    type: 'port',
    short: 'p',
    value: 'N',
    default: '8080',
    help: 'the port; 0 is any that is free',
  },
  host: { type: 'text', value: 'ADDRESS', default: '127.0.0.1', help: 'where to listen' },
} as const;

export const HELP = {
  help: { type: 'flag', short: 'h', help: 'this text' },
} as const;
