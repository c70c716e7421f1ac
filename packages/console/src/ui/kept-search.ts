/** What of an address goes along to every other page: the moment that is shown. What a page has put there of its own stays behind. Pure. */

import { atFrom } from "./time.ts";

export function keptSearch(search: { readonly at?: unknown }): { readonly at?: string } {
  const { at } = atFrom(search.at);
  return at === undefined ? {} : { at };
}
