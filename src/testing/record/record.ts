import { type Answer, toErrorAnswer } from '../model/answer.js';
import { toScriptError } from '../model/error.js';
import type { Step } from '../model/step.js';
import { type Clock, systemClock } from '../time/clock.js';
import type { ReceivedRequest } from '../wire/exchange.js';
import { createHost, type Host } from '../wire/host.js';
import { getNextNumber, writeText } from './folder.js';
import { encodeRecording, type RecordedChunk, type Recording } from './recording.js';
import { getSecrets, redact } from './redact.js';

/** Options of `record`. */
export interface RecordOptions {
  /** The API that gets the requests, such as `https://api.anthropic.com`. */
  upstream: string;
  /** The folder for the recordings, one file per exchange. Created if it doesn't exist. */
  dir: string;
  /** Sends the requests to the API. Default: the platform's fetch. */
  fetch?: typeof fetch | undefined;
  /** The clock for the recorded times. Default: real time. */
  clock?: Clock | undefined;
}

/**
 * A proxy that records each exchange as a file, which `replayRecordings` answers from. Pass it to
 * `serve`, or its `fetch` to a client. Keys and other secrets are removed, except for a secret that
 * the model writes in pieces, across several events.
 * @throws Error (rejects) if the folder can't be created.
 */
export async function record({
  upstream,
  dir,
  fetch: send = fetch,
  clock = systemClock,
}: RecordOptions): Promise<Host> {
  let next = await getNextNumber(dir);
  return createHost(async (received, number, sent) => {
    const name = `${String(next++).padStart(4, '0')}.jsonl`;
    const save = (recording: Recording): Promise<void> => {
      const text = encodeRecording(redact(recording, getSecrets(received.request.headers)));
      return writeText(dir, { name, text });
    };
    try {
      const { pathname, search } = new URL(sent.url);
      const response = await send(upstream.replace(/\/+$/, '') + pathname + search, {
        method: received.request.method,
        redirect: 'manual',
        headers: omit(received.request.headers, HOP_BY_HOP),
        ...(received.text === '' ? {} : { body: received.text }),
      });
      return passOn(response, received, clock, save);
    } catch (error) {
      return toErrorAnswer(toScriptError(`${upstream} does not answer: ${error}`), `req_${number}`);
    }
  }, clock);
}

/** Headers between two hosts only. The platform's fetch sets its own, and decodes bodies. */
const HOP_BY_HOP =
  /^(host|connection|keep-alive|transfer-encoding|content-length|content-encoding|accept-encoding|upgrade|te)$/i;

function omit(headers: Readonly<Record<string, string>>, names: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)));
}

function passOn(
  upstream: Response,
  { request }: ReceivedRequest,
  clock: Clock,
  save: (recording: Recording) => Promise<void>,
): Answer {
  const { method, path, headers, body } = request;
  const response = {
    status: upstream.status,
    headers: omit(Object.fromEntries(upstream.headers), HOP_BY_HOP),
  };
  const getTime = (): number => Math.round(clock.now() - request.time);

  async function* steps(): AsyncGenerator<Step, void, undefined> {
    const chunks: RecordedChunk[] = [];
    let end: Recording['end']['end'] = 'left';
    const reader = upstream.body?.getReader();
    try {
      for (;;) {
        const read = await reader?.read().catch(() => undefined);
        if (read === undefined && reader !== undefined) {
          end = 'broken';
          yield { end: 'reset' };
          return;
        }
        if (read === undefined || read.done) break;
        chunks.push({ at: getTime(), bytes: read.value });
        yield { bytes: read.value };
      }
      end = 'complete';
    } finally {
      // A failed cancel doesn't matter: nothing is read any more.
      if (end === 'left') await reader?.cancel().catch(() => {});
      const at = getTime();
      await save({ request: { method, path, headers, body }, response, chunks, end: { at, end } });
    }
  }
  return { ...response, steps: steps() };
}
