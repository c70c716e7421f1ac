#!/bin/sh
//usr/bin/true 2>/dev/null; d=$(dirname "$(readlink -f "$0")"); for n in ../../../node_modules ../../.. ../..; do [ -x "$d/$n/.bin/node" ] && exec "$d/$n/.bin/node" "$0" "$@"; done; exec node "$0" "$@"
// To the shell, the line above finds the pinned Node.js, faster than an older Node.js could; to Node.js it is a comment.
import { launch } from "@opensync-ts/base/launch.mjs";

await launch(import.meta.url, "../src/main.ts");
