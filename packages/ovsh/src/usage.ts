/** What `--help` prints, and the line after a usage error. */

export const hint = "Try 'ovsh --help'.";

export const usage = `Usage: ovsh [options] COMMAND TABLE [COLUMN-EXPR...]

Reads and changes the database of an OpenSync node.

Commands:
  s, select TABLE [COLUMN...]       show rows; without columns, all of them
  i, insert TABLE COLUMN:=VALUE...  add a row; prints its UUID
  u, update TABLE COLUMN:=VALUE...  change rows; prints how many
  U, upsert TABLE COLUMN:=VALUE...  change the one row that -w finds, or add it
  d, delete TABLE                   remove rows; without -w, all of them
  w, wait   TABLE COLUMN:=VALUE...  wait until the rows have these values

Column expressions:
  COLUMN:=VALUE     a value: 'text', true, 7, 0x1f, ["set",[1,6]], ["map",[["a","b"]]]; anything else is text
  COLUMN~=TEXT      text, whatever it looks like
  COLUMN::JSON      JSON, as in RFC 7047
  COLUMN:ins:JSON   insert into a set or map
  COLUMN:del:JSON   delete from a set or map

Options, anywhere on the line:
  -w, --where EXPR                  only rows for which COLUMN==VALUE, COLUMN!=VALUE,
                                    COLUMN:inc:VALUE or COLUMN:exc:VALUE holds; repeat for AND
  -p, --parent TABLE:COLUMN:WHERE   insert: put the new row's UUID into this column; repeatable
  -n, --notequal                    wait until the values differ
  -t, --timeout MSEC                wait at most this long (60000)
  -m, --multi-line                  a column per row, long values wrapped (default)
  -M, --multi                       a column per row
  -T, --table                       a table
  -c, --column                      a line per column
  -r, --raw                         a line per row, values apart by a space
  -j, --json                        JSON
  -o, --output FMT                  printf(1) with this format, per row
  -u, -U, --[no-]compact            show ["uuid",X] as X, or not (on, but for -r -j -o)
  -a, -A, --[no-]abbreviate         show UUIDs as aaaa~zzzz, or not (on, but for -r -j -o)
  -q, --quiet                       print no counts and UUIDs
  -d, --db NAME                     the database (Open_vSwitch); or, if it has a '/' or begins with
                                    unix: tcp: ssl:, where its server listens; may be given for both
      --private-key, --certificate, --ca-cert FILE
                                    for ssl:
  -v, --verbose                     show what is sent and received, on standard error
  -h, --help                        this text

The server is looked for in: --db; $PLUME_OVSDB_SOCK_PATH; $OPENSYNC_DIR (of a node, or of 'opensync up');
./.opensync (where 'opensync up' runs); /var/run/db.sock.

Exit codes: 0 done; 1 failed, or no row found though no columns were named; 255 usage.
`;
