/** What became of the cloud's moves, in words. Pure. */

import { mbpsText } from "../../ui/words.ts";
import type { Explanation } from "./why-there.ts";

type Attempt = Explanation["attempts"][number];

export function resultText({ result }: Pick<Attempt, "result">): string {
  const words: Readonly<Record<string, string>> = {
    better: "It went, and is better off.",
    same: "It went; it is as well off as before.",
    worse: "It went, and was worse off.",
    "did not go": "It did not go.",
    "went elsewhere": "It went to another place.",
    "went to a worse place": "It went to another place, which is worse.",
    "came back": "It went, and came back.",
    "moved on": "It went, and moved on.",
    "not seen": "It was not seen afterwards.",
    "under way": "Under way.",
    recommended: "Only recommended: nobody asked it.",
  };
  return words[result] ?? result;
}

export function figuresText({ before, predicted, after }: Attempt): string {
  const now = after === null ? "" : `, ${mbpsText(after)} then`;
  return `Throughput: ${mbpsText(before)} before, ${mbpsText(predicted)} expected${now}.`;
}
