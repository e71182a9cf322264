/** The type of the values at a pattern such as `rows.*.id`; see `OutputStream.onValue`. */
export type ValueAt<T, Pattern extends string> = Pattern extends ''
  ? T
  : Pattern extends `${infer Key}.${infer Rest}`
    ? ValueAt<Child<T, Key>, Rest>
    : Child<T, Pattern>;

type Child<T, Key extends string> = T extends readonly (infer Element)[]
  ? Element
  : T extends object
    ? Key extends '*'
      ? T[keyof T]
      : Key extends keyof T
        ? T[Key]
        : unknown
    : unknown;
