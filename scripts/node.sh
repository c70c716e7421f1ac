#!/bin/sh
# Runs the pinned Node.js of this checkout, whatever the machine has. Not `node_modules/.bin/node`: some versions of npm
# lose that link when they leave out the packages of other platforms.
for node in "$(dirname "$0")"/../node_modules/node-*/bin/node; do
  [ -x "$node" ] && exec "$node" "$@"
done
exec node "$@"
