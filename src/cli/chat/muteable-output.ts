import { Writable } from 'node:stream';
import { toPrintable } from '../../index.js';

/** The terminal output of readline; muted while an answer is printed there. */
export class MuteableOutput extends Writable {
  isMuted = false;
  readonly #screen: NodeJS.WriteStream;

  constructor(screen: NodeJS.WriteStream) {
    super({
      write: (chunk, _, done) => {
        if (this.isMuted) done();
        else screen.write(toVisible(String(chunk)), () => done());
      },
    });
    this.#screen = screen;
    screen.on('resize', this.#onResize);
  }

  /** The width at which readline wraps its line. */
  get columns(): number {
    return this.#screen.columns;
  }

  readonly #onResize = (): void => void this.emit('resize');

  override _final(done: () => void): void {
    this.#screen.off('resize', this.#onResize);
    done();
  }
}

/** Readline moves the cursor with C0 controls. The rest is what the user typed, or pasted from anywhere. */
function toVisible(text: string): string {
  return text.replace(/[^\p{Cc}]+|[\x7f-\x9f]/gu, (typed) => toPrintable(typed));
}
