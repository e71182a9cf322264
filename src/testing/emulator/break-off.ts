import type { ServerHttp2Stream } from 'node:http2';
import type { Answer } from '../model/answer.js';
import type { Connection, Outgoing } from './listen.js';

type Failure = NonNullable<Answer['failure']>;

/** Ends a response, and what of its connection its failure means. */
export function breakOff(failure: Failure, outgoing: Outgoing, connection: Connection): void {
  const { stream } = outgoing as unknown as { stream?: ServerHttp2Stream };
  const inHttp2 = IN_HTTP2[failure];
  if (failure === 'silence') connection.silence();
  else if (stream === undefined || inHttp2 === undefined) connection.reset();
  else inHttp2(stream);
}

// RFC 9113, section 7.
const NO_ERROR = 0;
const REFUSED_STREAM = 7;
const ENHANCE_YOUR_CALM = 11;

/** What is said in HTTP/2; other failures happen below it. */
const IN_HTTP2: Partial<Record<Failure, (stream: ServerHttp2Stream) => void>> = {
  goaway: (stream) => {
    // Node counts a stream that it has begun as processed: the reset says that it is not.
    stream.session?.goaway(NO_ERROR);
    stream.close(REFUSED_STREAM);
  },
  'refused-stream': (stream) => stream.close(REFUSED_STREAM),
  calm: (stream) => stream.close(ENHANCE_YOUR_CALM),
  // An error is what makes Node reset a stream whose response has begun.
  'reset-stream': (stream) => stream.on('error', () => {}).destroy(new Error('reset')),
};
