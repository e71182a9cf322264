/**
 * What there may be of a JSON value while it is written: of objects some properties, of arrays the
 * first elements, of strings the beginning, so that one of an enum may be any string.
 */
export type DeepPartial<T> = T extends string
  ? string
  : T extends readonly (infer Element)[]
    ? DeepPartial<Element>[]
    : T extends object
      ? { [Key in keyof T]?: DeepPartial<T[Key]> }
      : T;
