import { PENDING } from '../../pull/poll.js';
import { encodeChunk } from '../../recording/format.js';
import type { ResponseBody } from '../port.js';
import type { ExchangeFile } from './exchange-file.js';

/** A program that asks later than this after its last bytes was away, in milliseconds. */
const AWAY_MS = 50;

/** A body that tells a file what is read of it. Nothing is read that was not asked for. */
export function recordedBody(body: ResponseBody, file: ExchangeFile): ResponseBody {
  let answered: number | undefined;
  let wokenAt: number | undefined;
  let isPending = false;
  const came = (chunk: Uint8Array | null): void => {
    const time = wokenAt ?? performance.now();
    wokenAt = undefined;
    if (chunk === null) file.end('complete');
    else file.add(encodeChunk({ at: 0, bytes: chunk }), time);
    answered = performance.now();
  };
  return {
    read: (wake) => {
      const asked = performance.now();
      const away = answered === undefined || isPending ? 0 : Math.round(asked - answered);
      if (away >= AWAY_MS) file.add({ read: { away } });
      try {
        const read = body.read(() => {
          wokenAt ??= performance.now();
          wake();
        });
        isPending = read === PENDING;
        if (read !== PENDING) came(read);
        return read;
      } catch (error) {
        file.end('broken');
        throw error;
      }
    },
    cancel: (reason) => {
      file.end('left');
      body.cancel(reason);
    },
    finish: () => {
      file.end('complete');
      body.finish();
    },
  };
}
