import type { ClientHttp2Stream } from 'node:http2';
import { APIConnectionError } from '../../errors.js';

/** The error codes of RFC 9113, section 7, by number. */
const CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;

type CodeName = (typeof CODES)[number];

/** Whether a stream was closed, or its connection, with a code. */
export function isClosedWith({ rstCode }: ClientHttp2Stream, name: CodeName): boolean {
  return rstCode !== undefined && CODES[rstCode] === name;
}

/** What `node:http2` says of a stream that failed, in the words of the protocol. Other errors stay. */
export function toFailure(error: unknown, { rstCode = 0 }: ClientHttp2Stream): unknown {
  const what = FAILURES[(error as NodeJS.ErrnoException).code ?? ''];
  return what === undefined ? error : what(CODES[rstCode] ?? String(rstCode));
}

/** By the code of the error. */
const FAILURES: Readonly<Record<string, (code: string) => Error>> = {
  ERR_HTTP2_STREAM_ERROR: (code) => coded('the server reset the stream', code),
  ERR_HTTP2_SESSION_ERROR: (code) => coded('the server closed the connection', code),
  ERR_HTTP2_ERROR: () => new APIConnectionError(VIOLATION, {}, false),
};

function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

const VIOLATION =
  'what came from the server violates HTTP/2: pass http2: false to use HTTP/1.1 instead';
