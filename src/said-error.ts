import { isRecord } from './json/is-record.js';

/** What an error body says. */
export interface SaidError {
  type?: string | undefined;
  message: string;
  /** The status that it names itself. */
  status?: number | undefined;
}

/**
 * Reads an error body in any of the shapes that servers send with status 200:
 * - the API's `{ error: { type, message } }`, also without a message, or flat: `{ type, message }`;
 * - OpenAI's `{ error: { message, type, code } }`, Google's `{ error: { code, message, status } }`;
 * - FastAPI's `{ detail }`, whose detail is a text or a list; `{ errors: [{ message }] }`;
 * - `{ error: text }`, `{ code, msg }`, `{ message }`; one of these in an `error`, or in a list.
 * @returns undefined for a body that says nothing of an error.
 */
export function saidError(body: unknown): SaidError | undefined {
  if (Array.isArray(body)) return saidError(body[0]);
  if (!isRecord(body)) return undefined;
  const inner = innerError(body);
  if (inner === undefined) return undefined;
  const type = firstName(inner.type, inner.code, inner.status);
  const message = textOf(inner.message ?? inner.msg ?? inner.detail ?? body.message) || type;
  if (message === undefined) return undefined;
  // A status beside the error says what its type doesn't, see `toRelayedBody`.
  const status = firstStatus(
    body.status,
    inner.status_code,
    inner.code,
    inner.status,
    inner.type,
    body.code,
  );
  return { type, message, status };
}

function innerError(body: Record<string, unknown>): Record<string, unknown> | undefined {
  const { error, errors, detail } = body;
  if (isRecord(error)) return isRecord(error.error) ? error.error : error;
  if (typeof error === 'string') return { message: error };
  if (Array.isArray(errors) && errors.length > 0) {
    return isRecord(errors[0]) ? errors[0] : { message: errors[0] };
  }
  if (detail != null) return { message: detail };
  return typeof (body.message ?? body.msg) === 'string' ? body : undefined;
}

/** Some write the name of nothing: "None". */
function firstName(...values: unknown[]): string | undefined {
  const isName = (value: unknown): boolean =>
    typeof value === 'string' && /^(?!(?:none|null|error)$)[a-z_]\w*$/i.test(value);
  return values.find(isName) as string | undefined;
}

function firstStatus(...values: unknown[]): number | undefined {
  const statuses = values.map((value) => {
    const isNumeric = typeof value === 'number' || typeof value === 'string';
    return isNumeric ? (NAMED.get(`${value}`) ?? Number(value)) : Number.NaN;
  });
  return statuses.find((value) => Number.isInteger(value) && value >= 300 && value < 600);
}

/** What OpenAI and Google name in place of a status. Those that another try meets again have none. */
const NAMED: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ['rate_limit_exceeded', 429],
  ['RESOURCE_EXHAUSTED', 429],
  ['server_error', 500],
  ['internal_server_error', 500],
  ['INTERNAL', 500],
  ['service_unavailable', 503],
  ['UNAVAILABLE', 503],
]);

function textOf(value: unknown): string {
  return value == null || typeof value === 'string' ? (value ?? '') : JSON.stringify(value);
}
