/**
 * Tags in the text of a rule: `${name}` is one, `$[name]` a group of some; `@`, `#` and `*` before the name mean only what the device,
 * the cloud, or the device for itself has put into it. Pure.
 */

import type { Row } from "@opensync-ts/schema/opensync";
import { nfmLimits } from "./limits.ts";

export interface TagTables {
  readonly tags: Iterable<Row<"Openflow_Tag">>;
  readonly localTags: Iterable<Row<"Openflow_Local_Tag">>;
  readonly groups: Iterable<Row<"Openflow_Tag_Group">>;
}

type Source = "" | "@" | "#" | "*";

export class Tags {
  readonly #tags: ReadonlyMap<string, Row<"Openflow_Tag">>;
  readonly #local: ReadonlyMap<string, Row<"Openflow_Local_Tag">>;
  readonly #groups: ReadonlyMap<string, Row<"Openflow_Tag_Group">>;

  constructor({ tags, localTags, groups }: TagTables) {
    const byName = <R extends { readonly name: string }>(rows: Iterable<R>) =>
      new Map([...rows].map((row) => [row.name, row] as const));
    this.#tags = byName(tags);
    this.#local = byName(localTags);
    this.#groups = byName(groups);
  }

  /** Sorted, each once; none where there is no such tag. */
  valuesOf(token: string): readonly string[] {
    const [, open, inner = ""] = /^\$([{[])(.*)[}\]]$/s.exec(token) ?? [];
    const members = open === "[" ? (this.#groups.get(inner)?.tags ?? []) : [inner];
    return [...new Set(members.flatMap((member) => this.#tagValues(member)))].sort();
  }

  #tagValues(text: string): readonly string[] {
    const [, source = "", name = ""] = /^([@#*]?)(.*)$/s.exec(text) ?? [];
    const from = (wanted: Source) => source === "" || source === wanted;
    const tag = this.#tags.get(name);
    return [
      ...(from("@") ? (tag?.device_value ?? []) : []),
      ...(from("#") ? (tag?.cloud_value ?? []) : []),
      ...(from("*") ? (this.#local.get(name)?.values ?? []) : []),
    ];
  }
}

/** One text for each combination of values, in order; none where a tag is empty. Throws a `RangeError` where that would be too much. */
export function expandRule(text: string, tags: Tags): readonly string[] {
  const parts = text.split(/(\$\{[^}]*\}|\$\[[^\]]*\])/);
  // Of `split` with one group, every second part is a tag.
  if ((parts.length - 1) / 2 > nfmLimits.tagsPerRule) {
    throw new RangeError(`there are more than ${nfmLimits.tagsPerRule} tags in its rule`);
  }
  let texts: readonly string[] = [""];
  for (const [index, part] of parts.entries()) {
    const values = index % 2 === 0 ? [part] : tags.valuesOf(part);
    if (texts.length * values.length > nfmLimits.rulesPerRow) {
      throw new RangeError(`with its tags it would be more than ${nfmLimits.rulesPerRow} rules`);
    }
    texts = texts.flatMap((before) => values.map((value) => before + value));
  }
  return texts;
}
