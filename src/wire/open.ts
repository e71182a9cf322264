/**
 * The `type` of a union member that is newer than these types. It is a string at run time; as a
 * type it differs from every literal, so `switch (event.type)` narrows the known members, and
 * `default:` is left with the unknown one.
 *
 * For the same reason `event.type === 'brand_new'` does not compile. Widen it first:
 * ```ts
 * default: {
 *   const type: string = event.type;
 *   if (type === 'brand_new') console.log(event.any_field);
 * }
 * ```
 * To make one, in a test or for a param that is too new: `{ type: 'brand_new' as UnknownType, … }`.
 */
declare enum UnknownType {
  // An enum because TypeScript narrows unions by unit types only: `string & Brand` is none. Ambient,
  // and exported as a type: there is no such value at run time.
  type = '',
}

export type { UnknownType };

/** What every open union of objects ends with: something the API added later, as it came. */
export interface UnknownObject {
  type: UnknownType;
  [field: string]: unknown;
}

/** One of the strings in `T`, which editors suggest, or any other. */
export type OpenString<T extends string> = T | (string & {});
