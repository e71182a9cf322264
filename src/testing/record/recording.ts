/*
 * A recorded exchange: a file of JSON lines. The first two lines are the request and the head of the
 * response. Then there is a line for each chunk of the body, and one for how it ended:
 *
 *   {"request":{"method":"POST","path":"/v1/messages","headers":{…},"body":{…}}}
 *   {"response":{"status":200,"headers":{…}}}
 *   {"at":412,"text":"event: message_start\ndata: …\n\n"}
 *   {"at":430,"base64":"8J+M"}
 *   {"at":2310,"end":"complete"}
 *
 * `at` is in milliseconds since the request. A chunk that isn't valid UTF-8 by itself is `base64`. `end` is
 * `complete`, `broken` if the connection failed, `left` if the client left.
 */

export interface Recording {
  readonly request: RecordedRequest;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
  };
  readonly chunks: readonly RecordedChunk[];
  readonly end: { readonly at: number; readonly end: 'complete' | 'broken' | 'left' };
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON of the body, or its text if it isn't JSON. */
  readonly body: unknown;
}

export interface RecordedChunk {
  readonly at: number;
  readonly bytes: Uint8Array;
}

export function encodeRecording({ request, response, chunks, end }: Recording): string {
  const lines = [{ request }, { response }, ...chunks.map(encodeChunk), end];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/**
 * @param lines of a file, each parsed.
 * @throws Error if they don't have this format.
 */
export function decodeRecording(lines: readonly unknown[]): Recording {
  const [head, answer, ...rest] = lines as [
    { request: RecordedRequest },
    Pick<Recording, 'response'>,
  ];
  const end = rest.at(-1) as Recording['end'] | undefined;
  if (!answer?.response || end?.end === undefined) {
    throw new Error('it has no response, or no end: record it again');
  }
  return {
    request: head.request,
    response: answer.response,
    chunks: (rest.slice(0, -1) as EncodedChunk[]).map(decodeChunk),
    end,
  };
}

type EncodedChunk = { at: number } & ({ text: string } | { base64: string });

function encodeChunk({ at, bytes }: RecordedChunk): EncodedChunk {
  try {
    return { at, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { at, base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) };
  }
}

function decodeChunk(chunk: EncodedChunk): RecordedChunk {
  const { at } = chunk;
  if ('text' in chunk) return { at, bytes: new TextEncoder().encode(chunk.text) };
  return { at, bytes: Uint8Array.from(atob(chunk.base64), (byte) => byte.charCodeAt(0)) };
}
