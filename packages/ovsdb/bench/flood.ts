/** A client that sends one message over and over, as fast as it is let, and drops what comes. Runs in a worker; says when it is at it. */

import { connect } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

const { socket: path, message } = workerData as { readonly socket: string; readonly message: string };
const block = Buffer.from(message.repeat(256));
const buffer = Buffer.allocUnsafe(65_536);
const socket = connect({ path, onread: { buffer, callback: () => true } });
const send = (): void => {
  while (socket.write(block));
};
socket.on("drain", send);
socket.once("connect", () => {
  send();
  setTimeout(() => parentPort?.postMessage("flooding"), 100);
});
