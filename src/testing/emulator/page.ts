import { type Answer, toErrorAnswer, toJsonAnswer } from '../model/answer.js';
import { toEmulatedError } from '../model/error.js';

const MAX_LIMIT = 1000;

/** A page of a list: what `limit`, `after_id` and `before_id` of the query say. */
export function answerPage<T extends { readonly id: string }>(
  items: readonly T[],
  toBody: (item: T) => object,
  query: URLSearchParams,
  requestId: string,
): Answer {
  const refuse = (problem: string): Answer =>
    toErrorAnswer(toEmulatedError('invalid_request_error', problem), requestId);
  const limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(limit)) return refuse('limit: Input should be a valid integer');
  if (limit < 1) return refuse('limit: Input should be greater than or equal to 1');
  if (limit > MAX_LIMIT) {
    return refuse(`limit: Input should be less than or equal to ${MAX_LIMIT}`);
  }
  const [name, cursor] = getCursor(query);
  const at = cursor === null ? -1 : items.findIndex(({ id }) => id === cursor);
  if (cursor !== null && at < 0) return refuse(`${name}: there is no ${cursor} in the list`);
  const isBackwards = name === 'before_id';
  const start = isBackwards ? Math.max(0, at - limit) : at + 1;
  const end = isBackwards ? at : start + limit;
  const page = items.slice(start, end);
  return toJsonAnswer(
    {
      data: page.map(toBody),
      has_more: isBackwards ? start > 0 : end < items.length,
      first_id: page[0]?.id ?? null,
      last_id: page.at(-1)?.id ?? null,
    },
    requestId,
  );
}

function getCursor(query: URLSearchParams): [name: string, id: string | null] {
  const before = query.get('before_id');
  return before === null ? ['after_id', query.get('after_id')] : ['before_id', before];
}
