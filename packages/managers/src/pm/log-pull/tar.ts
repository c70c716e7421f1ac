/** Archives as `tar` reads them (POSIX ustar), of regular files in one go. */

export interface TarEntry {
  /** Up to 100 characters, plain ASCII; slashes make folders. */
  readonly name: string;
  readonly content: Uint8Array;
  /** Of its last change, ms since the Unix epoch. */
  readonly time: number;
}

const block = 512;
const maxName = 100;

/** Throws a `RangeError` for a name that does not fit. */
export function tarArchive(entries: readonly TarEntry[]): Uint8Array {
  const parts = entries.flatMap((entry) => {
    const rest = (block - (entry.content.length % block)) % block;
    return [header(entry), entry.content, Buffer.alloc(rest)];
  });
  // Two empty blocks are the end.
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function header({ name, content, time }: TarEntry): Uint8Array {
  if (!/^[\x21-\x7e]+$/.test(name) || name.length > maxName) {
    throw new RangeError(`'${name}' cannot be the name of a file in an archive`);
  }
  const bytes = Buffer.alloc(block);
  const octal = (value: number, digits: number) => `${Math.floor(value).toString(8).padStart(digits, "0")}\0`;
  bytes.write(name, 0);
  bytes.write(octal(0o600, 7), 100);
  bytes.write(octal(0, 7), 108);
  bytes.write(octal(0, 7), 116);
  bytes.write(octal(content.length, 11), 124);
  bytes.write(octal(Math.max(0, time / 1000), 11), 136);
  bytes.write(" ".repeat(8), 148);
  bytes.write("0", 156);
  bytes.write("ustar\0", 257);
  bytes.write("00", 263);
  const sum = bytes.reduce((all, byte) => all + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}
