import { toPromise } from '../pull/poll.js';
import type { Bytes } from './codings/through.js';
import type { ResponseBody } from './port.js';
import { ReadAhead } from './read-ahead.js';

/**
 * A body without its content codings: names in any case, in a list. What undoes them is loaded on demand.
 * @param header `content-encoding`.
 */
export function decodedBody(body: ResponseBody, header: string | null): ResponseBody {
  if (header === null) return body;
  const names = header.split(',').map((name) => name.trim().toLowerCase());
  const codings = names.filter((name) => name !== '' && name !== 'identity');
  return codings.length === 0 ? body : decoding(body, codings);
}

function decoding(body: ResponseBody, codings: readonly string[]): ResponseBody {
  const pieces = decodedPieces(body, codings);
  let isPaused = false;
  let isStarted = false;
  const ahead = new ReadAhead({
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
      void pump();
    },
  });
  const pump = async (): Promise<void> => {
    try {
      while (!isPaused) {
        const { done, value } = await pieces.next();
        if (done) return ahead.end();
        ahead.push(value);
      }
    } catch (error) {
      ahead.fail(error);
    }
  };
  return {
    read: (wake) => {
      if (!isStarted) {
        isStarted = true;
        void pump();
      }
      return ahead.read(wake);
    },
    cancel: (reason) => {
      ahead.fail(reason);
      body.cancel(reason);
    },
    finish: () => {
      ahead.discard();
      body.finish();
    },
  };
}

async function* decodedPieces(body: ResponseBody, codings: readonly string[]): Bytes {
  const { decode } = await import('./codings/decode.js');
  yield* decode(piecesOf(body), codings);
}

async function* piecesOf(body: ResponseBody): Bytes {
  for (;;) {
    const piece = await toPromise<Uint8Array | null>((wake) => body.read(wake));
    if (piece === null) return;
    yield piece;
  }
}
