#!/bin/sh
":" //; s=$0; [ -L "$s" ] && s=$(readlink -f "$s"); case $s in */*) d=${s%/*};; *) d=.;; esac; f="--max-semi-space-size=2 --no-maglev --no-incremental-marking-task --no-parallel-scavenge"; export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}; for n in "$d"/../../../node_modules/node-*/bin/node "$d"/../../../node-*/bin/node "$d"/../../node-*/bin/node; do [ -x "$n" ] && exec "$n" $f "$0" "$@"; done; exec node $f "$0" "$@"
// To the shell, the line above finds the pinned Node.js, faster than an older Node.js could; to Node.js it is a string and a comment.
// The nursery of the garbage collector is small: a node's memory counts more than the last percent of speed. Marking goes along with
// allocating, not in tasks of its own: Node.js runs all of these that wait in one turn, and who waits for an answer would wait for them. A small
// nursery is not worth the wait for other threads. Threads take memory in two places (glibc), not in one each: what one gives back another takes,
// which makes each session of a cloud 4 KiB smaller.
import { launch } from "@opensync-ts/base/launch.mjs";

await launch(import.meta.url, "../src/main.ts", ["--max-semi-space-size=2", "--no-maglev", "--no-incremental-marking-task", "--no-parallel-scavenge"], { MALLOC_ARENA_MAX: "2" });
