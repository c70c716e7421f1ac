import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import type { WireMessage } from "@opensync-ts/ovsdb/jsonrpc";
import { emptyReport } from "@opensync-ts/telemetry/report";
import type { NodeWire } from "../node-wire.ts";
import type { Publication } from "../statistics/statistics.ts";
import { wiredNode } from "../testing/wired-node.ts";
import * as limits from "./limits.ts";
import { MessageLog } from "./message-log.ts";
import { Ring } from "./ring.ts";
import { Workbench } from "./workbench.ts";

/** A connection of which nothing is known but what is said on it. */
class SaidWire {
  readonly observers = new Set<(message: WireMessage) => void>();
  readonly wire: NodeWire = {
    request: () => Promise.reject(new Error("nobody answers")),
    observe: (observer) => {
      this.observers.add(observer);
      return () => this.observers.delete(observer);
    },
    ...{ peerCertificate: undefined, lastReceived: 0, closed: new AbortController().signal },
  };

  say(direction: WireMessage["direction"], message: unknown): void {
    const text = typeof message === "string" ? message : JSON.stringify(message);
    for (const observer of this.observers) observer({ direction, text });
  }
}

describe("the messages of a session", () => {
  it("are told with what they answer, from when somebody begins to look", () => {
    const said = new SaidWire();
    said.say("sent", { method: "transact", params: [], id: 1 });
    const log = new MessageLog(said.wire, new VirtualClock());
    said.say("sent", { method: "transact", params: [{ row: { wpa_psks: "hidden away" } }], id: 2 });
    said.say("received", { result: [], error: null, id: 1 });
    said.say("received", { result: null, error: { error: "no" }, id: 2 });
    said.say("received", { method: "update", params: [], id: null });
    const { items, lost } = log.after(0);
    assert.deepEqual(
      items.map(({ direction, method, kind, id }) => [direction, method, kind, id]),
      [
        ["sent", "transact", "request", "2"],
        ["received", null, "reply", "1"],
        ["received", "transact", "error", "2"],
        ["received", "update", "notification", null],
      ],
    );
    assert.equal(lost, 0);
    assert.doesNotMatch(JSON.stringify(items), /hidden away/);
    assert.deepEqual(
      log.after(3).items.map(({ number }) => number),
      [4],
    );
    log.close();
    assert.equal(said.observers.size, 0);
  });

  it("are cut where they are long, told by their size where they are very long, and take no more than so much", () => {
    const said = new SaidWire();
    const log = new MessageLog(said.wire, new VirtualClock());
    said.say("received", { method: "update", params: ["x".repeat(limits.messageText)], id: null });
    said.say("received", { method: "update", params: ["x".repeat(limits.messageParsed)], id: null });
    said.say("received", "{ no JSON");
    const [long, longer, none] = log.after(0).items;
    assert.deepEqual([long?.text?.length, long?.isCut], [limits.messageText, true]);
    assert.deepEqual(
      [longer?.text, longer?.kind, (longer?.bytes ?? 0) > limits.messageParsed],
      [null, "unknown", true],
    );
    assert.deepEqual([none?.text, none?.bytes], [null, 9]);
    for (let count = 0; count < limits.messages; count++) said.say("sent", { method: "echo", params: [], id: count });
    const { items, lost } = log.after(1);
    assert.deepEqual([items.length, lost], [limits.messages, 2]);
    log.close();
  });

  it("are those of a real one, and its schema is told as it is", async () => {
    const { cloud } = await wiredNode();
    const workbench = new Workbench({ clock: cloud.clock });
    const session = cloud.location.session("gateway");
    assert.ok(session);
    const log = workbench.messages("gateway", session);
    assert.equal(workbench.messages("gateway", session), log);
    await workbench.schema(session);
    await workbench.rows("gateway", session, "Wifi_VIF_Config");
    const { items } = log.after(0);
    const methods = items.map(({ direction, method }) => `${direction} ${method}`);
    assert.deepEqual(methods.slice(0, 2), ["sent get_schema", "received get_schema"]);
    assert.ok((items[1]?.bytes ?? 0) > 100_000);
    assert.ok(items.some(({ text }) => text?.includes('"wpa_psks":["map",[["key","****"]]]')));
    await cloud.clock.advance(limits.lookMs);
    assert.notEqual(workbench.messages("gateway", session), log, "nobody has looked for a while");
    workbench.stop();
  });
});

describe("the reports of a node", () => {
  it("are kept while somebody looks, as JSON", async () => {
    const clock = new VirtualClock();
    const listeners = new Set<(publication: Publication) => void>();
    const onPublication = (given: (publication: Publication) => void) => {
      listeners.add(given);
      return () => void listeners.delete(given);
    };
    const publish = (publication: Publication) => {
      for (const listener of listeners) listener(publication);
    };
    const workbench = new Workbench({ clock, statistics: { onPublication } });
    assert.equal(listeners.size, 0);
    const tail = workbench.reports("gateway");
    const publication = (node: string): Publication => ({
      ...{ node, topic: "stats", payload: new Uint8Array(7), bytes: new Uint8Array(9) },
      ...{ kind: "stats", report: { ...emptyReport(node), powerMode: "AC" } },
    });
    publish(publication("gateway"));
    publish(publication("extender"));
    publish({ ...publication("gateway"), kind: "other" } as Publication);
    const { items } = tail.after(0);
    assert.deepEqual(
      items.map(({ kind, bytes }) => [kind, bytes]),
      [
        ["stats", 7],
        ["other", 7],
      ],
    );
    assert.equal(JSON.parse(items[0]?.text ?? "").powerMode, "AC");
    await clock.advance(limits.lookMs);
    assert.equal(listeners.size, 0, "nobody looks");
    workbench.stop();
  });
});

describe("a ring", () => {
  it("keeps so many entries, and so many bytes, and says how many are lost", () => {
    const ring = new Ring<{ readonly number: number }>(3, 100);
    for (let count = 0; count < 5; count++) ring.add(1, (number) => ({ number }));
    assert.deepEqual(ring.after(0), { items: [{ number: 3 }, { number: 4 }, { number: 5 }], lost: 2, last: 5 });
    ring.add(99, (number) => ({ number }));
    assert.deepEqual(ring.after(3).items, [{ number: 5 }, { number: 6 }]);
    ring.add(1000, (number) => ({ number }));
    assert.deepEqual(ring.after(0).items, [{ number: 7 }]);
  });
});
