# What Node.js is run with as `opensync`; its launcher reads it, and whoever measures what a cloud takes.
#
# The nursery of the garbage collector is small: a node's memory counts more than the last percent of speed. Marking goes along with
# allocating, not in tasks of its own: Node.js runs all of these that wait in one turn, and who waits for an answer would wait for them. A small
# nursery is not worth the wait for other threads.
flags="--max-semi-space-size=2 --no-maglev --no-incremental-marking-task --no-parallel-scavenge"
# Threads take memory in two places (glibc), not in one each: what one gives back another takes, which makes each session of a cloud 4 KiB
# smaller.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
