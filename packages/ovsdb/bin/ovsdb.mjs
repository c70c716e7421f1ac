#!/bin/sh
":" //; s=$0; [ -L "$s" ] && s=$(readlink -f "$s"); case $s in */*) d=${s%/*};; *) d=.;; esac; f="--max-semi-space-size=2 --heap-growing-percent=40 --v8-pool-size=1 --no-maglev"; for n in "$d"/../../../node_modules/node-*/bin/node "$d"/../../../node-*/bin/node "$d"/../../node-*/bin/node; do [ -x "$n" ] && exec "$n" $f "$0" "$@"; done; exec node $f "$0" "$@"
// To the shell, the line above finds the pinned Node.js, faster than an older Node.js could; to Node.js it is a string and a comment.
// The flags halve the memory of a busy server and cost no speed that could be measured (docs/performance.md).
import { launch } from "@opensync-ts/base/launch.mjs";

await launch(import.meta.url, "../src/main.ts", [
  "--max-semi-space-size=2",
  "--heap-growing-percent=40",
  "--v8-pool-size=1",
  "--no-maglev",
]);
