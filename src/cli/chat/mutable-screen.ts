import { Writable } from 'node:stream';

/** A terminal that readline draws on, except while something else is printed there. */
export class MutableScreen extends Writable {
  isMuted = false;
  readonly #screen: NodeJS.WriteStream;

  constructor(screen: NodeJS.WriteStream) {
    super({
      write: (chunk, _, done) => {
        if (this.isMuted) done();
        else screen.write(chunk, () => done());
      },
    });
    this.#screen = screen;
    screen.on('resize', this.#resized);
  }

  /** readline wraps its line at it. */
  get columns(): number {
    return this.#screen.columns;
  }

  readonly #resized = (): void => void this.emit('resize');

  override _final(done: () => void): void {
    this.#screen.off('resize', this.#resized);
    done();
  }
}
