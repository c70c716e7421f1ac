// Stands before each file of tests, as `npm test` starts it. Hundreds of them load the same modules, and end before an optimising
// compiler is of use: what is compiled is kept for the next, and the WebAssembly of the embedded store is compiled once and quickly.
"use strict";

require("./quick-wasm.cjs");

const { enableCompileCache } = require("node:module");
const { join } = require("node:path");

enableCompileCache(join(__dirname, "../node_modules/.cache/opensync-tests"));
