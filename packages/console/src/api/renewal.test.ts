import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { renewal } from "./renewal.ts";

/** What a page shows that opens while an answer is kept that is new enough, as others ask; and how often it was asked for. */
async function openedWith(everyMs: number | undefined) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000 } } });
  client.setQueryData(["devices"], "away");
  let asked = 0;
  const queryFn = async () => {
    asked++;
    return "here";
  };
  const page = new QueryObserver(client, { queryKey: ["devices"], queryFn, ...renewal(everyMs) });
  const close = page.subscribe(() => {});
  await new Promise((resolve) => setImmediate(resolve));
  close();
  client.clear();
  return asked;
}

describe("an answer that is kept", () => {
  it("is asked for anew by a page that opens, where it is renewed in its own time: who has joined just now is not away there", async () =>
    assert.equal(await openedWith(10_000), 1));

  it("is shown as it is where events tell when it is another", async () =>
    assert.equal(await openedWith(undefined), 0));
});
