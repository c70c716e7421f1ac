#!/bin/sh
":" //; s=$0; [ -L "$s" ] && s=$(readlink -f "$s"); case $s in */*) d=${s%/*};; *) d=.;; esac; . "$d/runtime.sh"; for n in "$d"/../../../node_modules/node-*/bin/node "$d"/../../../node-*/bin/node "$d"/../../node-*/bin/node; do [ -x "$n" ] && exec "$n" $flags "$0" "$@"; done; exec node $flags "$0" "$@"
// To the shell, the line above finds the pinned Node.js, faster than an older Node.js could; to Node.js it is a string and a comment.
import { launch } from "@opensync-ts/base/launch.mjs";

await launch(import.meta.url, "../src/main.ts");
