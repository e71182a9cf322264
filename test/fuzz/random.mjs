/** Numbers that look random and follow from a seed (mulberry32). */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  upTo(most) {
    return Math.floor(this.next() * (most + 1));
  }

  chance(probability) {
    return this.next() < probability;
  }

  of(items) {
    return items[this.upTo(items.length - 1)];
  }
}
