#!/bin/sh
":" //; s=$0; [ -L "$s" ] && s=$(readlink -f "$s"); case $s in */*) d=${s%/*};; *) d=.;; esac; f="--max-semi-space-size=2 --no-maglev"; for n in "$d"/../../../node_modules/node-*/bin/node "$d"/../../../node-*/bin/node "$d"/../../node-*/bin/node; do [ -x "$n" ] && exec "$n" $f "$0" "$@"; done; exec node $f "$0" "$@"
// To the shell, the line above finds the pinned Node.js, faster than an older Node.js could; to Node.js it is a string and a comment.
// The flag keeps the nursery of the garbage collector small: a node's memory counts more than the last percent of speed.
import { launch } from "@opensync-ts/base/launch.mjs";

await launch(import.meta.url, "../src/main.ts", ["--max-semi-space-size=2", "--no-maglev"]);
