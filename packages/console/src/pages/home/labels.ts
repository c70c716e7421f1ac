/** Which names fit: the important ones first, none over another; those that must be seen always. Pure. */

export interface Wanted {
  readonly id: string;
  /** Middle of the upper edge, on the screen, px. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The greater, the sooner it is placed. */
  readonly weight: number;
  /** Is shown whatever is under it. */
  readonly must: boolean;
}

/** Names that are tried in one frame. */
export const triedLabels = 600;
const cell = 64;

/** `taken`: what no name may cover unless it must be seen. */
export function fittingLabels(
  wanted: readonly Wanted[],
  taken: readonly Omit<Wanted, "id" | "weight" | "must">[] = [],
): ReadonlySet<string> {
  const grid = new Map<string, (readonly [number, number, number, number])[]>();
  const shown = new Set<string>();
  const cells = function* ([left, top, right, bottom]: readonly [number, number, number, number]) {
    for (let x = Math.floor(left / cell); x <= Math.floor(right / cell); x++)
      for (let y = Math.floor(top / cell); y <= Math.floor(bottom / cell); y++) yield `${x} ${y}`;
  };
  const boxOf = ({ x, y, width, height }: Omit<Wanted, "id" | "weight" | "must">) =>
    [x - width / 2, y, x + width / 2, y + height] as const;
  const put = (box: readonly [number, number, number, number]) => {
    for (const key of cells(box)) grid.set(key, [...(grid.get(key) ?? []), box]);
  };
  const isFree = (box: readonly [number, number, number, number]) => {
    for (const key of cells(box)) {
      for (const [left, top, right, bottom] of grid.get(key) ?? [])
        if (box[0] < right && left < box[2] && box[1] < bottom && top < box[3]) return false;
    }
    return true;
  };
  const first = wanted.filter(({ must }) => must);
  for (const label of first) {
    put(boxOf(label));
    shown.add(label.id);
  }
  for (const box of taken) put(boxOf(box));
  const rest = wanted.filter(({ must }) => !must).sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));
  for (const label of rest.slice(0, triedLabels)) {
    const box = boxOf(label);
    if (!isFree(box)) continue;
    put(box);
    shown.add(label.id);
  }
  return shown;
}

/** At most so many letters, with a sign that there are more. Whole letters, whatever the script. */
export function cut(text: string, most: number): string {
  const letters = [...new Intl.Segmenter().segment(text.slice(0, most * 16))];
  if (letters.length <= most) return text;
  return `${letters
    .slice(0, most - 1)
    .map(({ segment }) => segment)
    .join("")}…`;
}
