/** What the command palette finds for some letters. Pure. */

export interface Findable {
  readonly id: string;
  /** What is shown and searched. */
  readonly label: string;
  /** Searched as well, and shown small: an address, a model. */
  readonly detail: string;
  /** Searched as well, by beginnings of its words, and not shown. */
  readonly words?: string;
  readonly kind: "page" | "part" | "node" | "client" | "location" | "action";
}

/** Ranked: what begins with it, then a word that does, then what has it, then what has its letters in order. At most `most`. */
export function found<T extends Findable>(items: readonly T[], typed: string, most: number): readonly T[] {
  const wanted = plain(typed);
  if (wanted === "") return items.slice(0, most);
  const ranked = items
    .map((item, index) => ({
      item,
      index,
      rank: Math.min(
        rankOf(plain(item.label), wanted),
        rankOf(plain(item.detail), wanted) + 0.5,
        wordRank(plain(item.words ?? ""), wanted),
      ),
    }))
    .filter(({ rank }) => rank < none);
  ranked.sort((a, b) => a.rank - b.rank || a.index - b.index);
  return ranked.slice(0, most).map(({ item }) => item);
}

/** By what a client is found that is not its name: the key it has joined with, and that it is a guest. */
export function keyWords(key: { readonly label: string | null; readonly zone: string | null } | null): string {
  if (key === null) return "";
  const isGuest = key.zone !== null && key.zone !== "home";
  return [...(key.label === null ? [] : [key.label]), ...(isGuest ? ["guests"] : [])].join(" ");
}

const none = 9;

function rankOf(text: string, wanted: string): number {
  if (text.startsWith(wanted)) return 0;
  if (text.includes(` ${wanted}`)) return 1;
  if (text.includes(wanted)) return 2;
  let at = 0;
  for (const letter of wanted) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return none;
  }
  return 3;
}

/** After names that have it at a beginning, before those that only have its letters somewhere. */
function wordRank(words: string, wanted: string): number {
  return ` ${words}`.includes(` ${wanted}`) ? 1.7 : none;
}

/** Without case, accents and the punctuation of addresses. */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[:._-]+/g, " ")
    .trim();
}
