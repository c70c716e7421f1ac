/**
 * Remembers the last result for each name, as long as it would be made of the very same objects. Rows and reports are
 * never modified, so that what is the same object is the same thing: of a hundred vifs only those are mapped again that
 * something changed for.
 */
export class Memo<Result> {
  readonly #known = new Map<string, { readonly inputs: readonly unknown[]; readonly result: Result }>();

  /** `inputs`: all that `make` looks at. */
  get(name: string, inputs: readonly unknown[], make: () => Result): Result {
    const known = this.#known.get(name);
    if (known && sameObjects(known.inputs, inputs)) return known.result;
    const result = make();
    this.#known.set(name, { inputs, result });
    return result;
  }

  /** Forgets all others. */
  retain(names: { has(name: string): boolean }): void {
    for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name);
  }
}

function sameObjects(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
