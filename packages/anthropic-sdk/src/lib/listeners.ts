/** Listeners by name, called in the order in which they were added. */
export class Listeners<Events> {
  readonly #lists = new Map<keyof Events, { listener: unknown; once: boolean }[]>();

  add<N extends keyof Events>(name: N, listener: Events[N], once: boolean): void {
    const list = this.#lists.get(name) ?? [];
    list.push({ listener, once });
    this.#lists.set(name, list);
  }

  /** Removes one, even where it was added twice. */
  remove<N extends keyof Events>(name: N, listener: Events[N]): void {
    const list = this.#lists.get(name);
    const index = list?.findIndex((each) => each.listener === listener) ?? -1;
    if (index >= 0) list?.splice(index, 1);
  }

  has(name: keyof Events): boolean {
    return (this.#lists.get(name)?.length ?? 0) > 0;
  }

  emit(name: keyof Events, ...args: unknown[]): void {
    const list = this.#lists.get(name);
    if (list === undefined) return;
    this.#lists.set(
      name,
      list.filter(({ once }) => !once),
    );
    for (const { listener } of list) (listener as (...args: unknown[]) => void)(...args);
  }
}
