#!/bin/sh
":" //; s=$0; [ -L "$s" ] && s=$(readlink -f "$s"); case $s in */*) d=${s%/*};; *) d=.;; esac; b="$d/../../base/src/bundled.cjs"; [ -r "$b" ] || b=; f="--max-semi-space-size=2 --min-semi-space-size=2 --v8-pool-size=1"; for n in "$d"/../../../node_modules/node-*/bin/node "$d"/../../../node-*/bin/node "$d"/../../node-*/bin/node; do [ -x "$n" ] && exec "$n" $f ${b:+"$b"} "$0" "$@"; done; exec node $f "$0" "$@"
// To the shell, the line above finds the pinned Node.js, faster than an older Node.js could; to Node.js it is a string and a comment.
// The flags keep the nursery of the garbage collector small, and its helpers few (docs/performance.md).
import { launch } from "@opensync-ts/base/launch.mjs";

await launch(import.meta.url, "../src/main.ts");
