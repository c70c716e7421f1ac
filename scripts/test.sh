#!/bin/sh
# Runs files of tests, each in a process of its own, and one more at a time than there are processors: many wait, for a process that
# they have started or for a clock. Takes what `node --test` takes.
here=$(cd "$(dirname "$0")" && pwd)
exec sh "$here/node.sh" --require "$here/test-preload.cjs" --test \
  --test-concurrency="$(($(getconf _NPROCESSORS_ONLN) + 1))" "$@"
