/** Where the page of a client or node is. Pure. Null: it has none. */
export function pathOf(location: string, id: string): string | null {
  const [, kind, name] = /^(client|node) (.+)$/s.exec(id) ?? [];
  if (kind === undefined || name === undefined) return null;
  return `/l/${encodeURIComponent(location)}/${kind}s/${encodeURIComponent(name)}`;
}
