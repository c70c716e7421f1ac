/**
 * Runs a manager's work one round at a time: a request during a round makes one more round, however many there
 * were. As each round waits for its own writes, the next one sees them in its replica and never writes twice.
 */
export class Reconciler {
  readonly #work: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #requested = false;
  #running = false;
  #stopped = false;

  /** `onError` gets what a round throws; rounds go on being made. */
  constructor(work: () => Promise<void>, onError: (error: unknown) => void) {
    this.#work = work;
    this.#onError = onError;
  }

  request(): void {
    this.#requested = true;
    if (!this.#running && !this.#stopped) void this.#run();
  }

  /** No further round begins, and errors of the current one are not reported. */
  stop(): void {
    this.#stopped = true;
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#requested && !this.#stopped) {
      this.#requested = false;
      try {
        await this.#work();
      } catch (error) {
        if (!this.#stopped) this.#onError(error);
      }
    }
    this.#running = false;
  }
}
