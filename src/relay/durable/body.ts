import { RequestTooLargeError } from '../../errors.js';
import { concat } from '../../sse/concat.js';

/** The body of a request. @throws RequestTooLargeError (rejects) for a larger one. */
export async function bodyOf(request: Request, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (const reader = request.body?.getReader(); reader !== undefined; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel();
      const details = { status: 413, type: 'request_too_large' };
      throw new RequestTooLargeError(`the body has more than ${maxBytes} bytes`, details);
    }
    chunks.push(value);
  }
  return concat(chunks, length);
}
