/** Text that a node or a client has made up, as it can be stored and shown: cut, without control characters and halves of characters. */
export function plainText(text: string, length: number): string {
  return text
    .slice(0, length)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, "\uFFFD");
}
