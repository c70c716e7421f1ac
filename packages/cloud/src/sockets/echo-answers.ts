/**
 * Finds requests for `echo` in what a peer sends, and what they are answered with, so that the answer need not wait for whoever handles the
 * rest. A request that comes in pieces, or with a long text to be repeated, is left to them, as is whatever is not understood.
 */

import { isArray, isObject, parseJson, stringifyJson } from "@opensync-ts/ovsdb/json";
import { MessageScanner } from "@opensync-ts/ovsdb/json-stream";
import { replyMessage } from "@opensync-ts/ovsdb/jsonrpc";
import * as limits from "../limits.ts";

export interface Heard {
  /** What is for others, in order; parts of the chunk. */
  readonly rest: readonly Uint8Array[];
  /** Replies to be sent, in order. */
  readonly answers: readonly string[];
}

/** Of one connection; it is to see all that arrives. */
export class EchoAnswers {
  readonly #scanner = new MessageScanner();
  /** What came is no sequence of JSON texts; those who handle it will find out. */
  #lost = false;

  hear(chunk: Uint8Array): Heard {
    if (this.#lost) return { rest: [chunk], answers: [] };
    const rest: Uint8Array[] = [];
    const answers: string[] = [];
    let from = 0;
    try {
      for (let position = 0; position < chunk.length; ) {
        const isWhole = !this.#scanner.inMessage;
        const begin = isWhole ? this.#scanner.skipSpace(chunk, position) : position;
        position = begin < chunk.length ? this.#scanner.scan(chunk, begin) : begin;
        const answer = isWhole && !this.#scanner.inMessage ? echoAnswer(chunk.subarray(begin, position)) : undefined;
        if (answer === undefined) continue;
        answers.push(answer);
        if (begin > from) rest.push(chunk.subarray(from, begin));
        from = position;
      }
    } catch {
      this.#lost = true;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
    return { rest, answers };
  }
}

const shortest = '{"id":0,"method":"echo","params":[]}'.length;

/** The reply, if the message asks for `echo` and is understood. */
function echoAnswer(message: Uint8Array): string | undefined {
  if (message.length < shortest || message.length > limits.promptEchoBytes) return undefined;
  const text = Buffer.from(message.buffer, message.byteOffset, message.length).toString("utf8");
  if (!text.includes('"echo"')) return undefined;
  try {
    const request = parseJson(text);
    if (!isObject(request)) return undefined;
    const { method, id = null } = request;
    const params = request.params === null ? [] : request.params;
    if (method !== "echo" || id === null || !isArray(params)) return undefined;
    return replyMessage(id, stringifyJson(params));
  } catch {
    return undefined;
  }
}
