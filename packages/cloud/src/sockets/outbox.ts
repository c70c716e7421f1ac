/** Gathers what one turn of the event loop has to tell the thread of the sessions, and tells it in one message. */

import { onNextTurn } from "@opensync-ts/ovsdb/platform";
import type { FromSockets, SocketsMessage } from "./between-threads.ts";

export class Outbox {
  readonly #post: (message: SocketsMessage, transfer: readonly ArrayBuffer[]) => void;
  #words: FromSockets[] = [];
  #chunks: Uint8Array[] = [];
  #planned = false;

  constructor(post: (message: SocketsMessage, transfer: readonly ArrayBuffer[]) => void) {
    this.#post = post;
  }

  tell(word: FromSockets): void {
    this.#words.push(word);
    if (this.#planned) return;
    this.#planned = true;
    onNextTurn(() => this.#flush());
  }

  /** The chunk must not be changed. */
  data(connection: number, chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.tell(["data", connection, chunk.length]);
  }

  #flush(): void {
    const [words, chunks] = [this.#words, this.#chunks];
    this.#planned = false;
    this.#words = [];
    this.#chunks = [];
    // One piece of memory that changes hands, however many chunks there are.
    const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
    let position = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, position);
      position += chunk.length;
    }
    this.#post({ words, bytes }, [bytes.buffer]);
  }
}
