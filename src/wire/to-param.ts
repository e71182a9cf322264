/**
 * A response type as a param: it may be frozen, or made with `as const`, and what is optional may be
 * undefined, which JSON leaves out.
 */
export type ToParam<T> = T extends readonly (infer Item)[]
  ? readonly ToParam<Item>[]
  : // `string & {}`, of open sets of strings, counts as an object too.
    T extends string
    ? T
    : T extends object
      ? { readonly [Key in keyof T]: ToParam<T[Key]> | IfOptional<T, Key> }
      : T;

/** Undefined for an optional field. Written out, because an optional field alone does not take it. */
type IfOptional<T, Key extends keyof T> =
  Record<never, never> extends Pick<T, Key> ? undefined : never;
