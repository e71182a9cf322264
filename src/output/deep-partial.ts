/**
 * A JSON value while it is written: objects have some properties, arrays their first elements, strings
 * their beginning, so an enum may be any string.
 */
export type DeepPartial<T> = T extends string
  ? string
  : T extends readonly (infer Element)[]
    ? DeepPartial<Element>[]
    : T extends object
      ? { [Key in keyof T]?: DeepPartial<T[Key]> }
      : T;
