/** JSON for people and scripts: bytes in hexadecimal, which JSON has no form for. */

export function jsonText(value: object, indent?: number): string {
  const plain = (_key: string, member: unknown) =>
    member instanceof Uint8Array ? Buffer.from(member).toString("hex") : member;
  return JSON.stringify(value, plain, indent);
}
