// Keeps V8 from compiling WebAssembly a second time, optimised, which costs a processor seconds and pays after minutes. For tests, which
// start the engine of the embedded store often and ask it little.
"use strict";

const { setFlagsFromString } = require("node:v8");
const { isMainThread } = require("node:worker_threads");

if (isMainThread) {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
}
