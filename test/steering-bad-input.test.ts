import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import { buildActionFrame, toAccessPoint } from "@opensync-ts/target/ieee80211/action";
import { client, type Home, type Role, startHome } from "./support/steering-home.ts";

/** A client that is steered as it should be, whatever is wrong with others. */
const other = mac("0a:00:00:00:00:02");
const lowBand = { bandPreference: { "2.4G": 30 } };

const group = `ovsh i Band_Steering_Config ifnames:='["map",[["home-ap-24","2.4G"],["home-ap-50","5G"]]]'`;
const neighbor = "ovsh i Wifi_VIF_Neighbors bssid:=0c:00:00:00:00:01 if_name:=home-ap-24";
const row = "ovsh i Band_Steering_Clients mac:=AA:BB:CC:DD:EE:FF";

interface Bad {
  readonly title: string;
  readonly commands: readonly string[];
  readonly role?: Role;
  /** What the log says of it, once. */
  readonly said: RegExp;
  /** Where the client itself is in the end: on 2.4 GHz it was. */
  readonly ends?: string;
}

const cases: readonly Bad[] = [
  {
    title: "an address that is none",
    commands: ["ovsh i Band_Steering_Clients mac:='AA:BB:CC:DD:EE:ZZ' hwm:=100"],
    said: /Band_Steering_Clients 'AA:BB:CC:DD:EE:ZZ': mac .* not a MAC address \(aa:bb:cc:dd:ee:ff\); the row has no effect/,
  },
  {
    title: "a negative threshold",
    commands: [`${row} hwm:=-100`],
    said: /Band_Steering_Clients 'AA:BB:CC:DD:EE:FF': hwm '-100': /,
  },
  {
    title: "a huge threshold",
    commands: [`${row} lwm:=2000000000`],
    said: /Band_Steering_Clients 'AA:BB:CC:DD:EE:FF': lwm '2000000000': /,
  },
  {
    title: "hwm below lwm",
    commands: [`${row} hwm:=20 lwm:=35`],
    said: /hwm '20': below lwm \(35\), between them a client would go up and down; hwm counts as 35/,
    ends: "gateway/home-ap-50",
  },
  {
    title: "an access point in two groups",
    commands: [`ovsh i Band_Steering_Config ifnames:='["map",[["home-ap-24","2.4G"]]]'`, `${row} lwm:=20`],
    said: /Band_Steering_Config .*home-ap-24.* belongs to group .* already, and stays there/,
  },
  {
    title: "a neighbour on a channel that its class has not",
    commands: [`${neighbor} channel:=36 op_class:=81`],
    said: /Wifi_VIF_Neighbors .*channel '36': operating class 81 has no channel 36; no client is sent there/,
  },
  {
    title: "a neighbour of no operating class that there is",
    commands: [`${neighbor} channel:=6 op_class:=7`],
    said: /Wifi_VIF_Neighbors .*; no client is sent there/,
  },
  {
    title: "a client that never answers, and comes back each time",
    commands: [`${row} hwm:=100 kick_type:=bss_tm_req`],
    role: { device: "laptop", habits: lowBand, transition: { accept: 0, ignore: 1, honoursImminent: false } },
    said: /aa:bb:cc:dd:ee:ff: hwm_2g: failed: it did not answer \(3 BTM requests, 0 deauths\)/,
  },
];

async function homeOfTwo(role: Role = { device: "laptop", habits: lowBand }): Promise<Home> {
  const home = await startHome(role, [
    { name: "other", mac: other, place: { x: 2, y: 1 }, device: "laptop", habits: lowBand, networks: [] },
  ]);
  assert.deepEqual([home.where(), home.where(other)], ["gateway/home-ap-24", "gateway/home-ap-24"]);
  await home.run(group);
  return home;
}

/** Whoever wants to can send whatever it likes. */
function send({ world }: Home, station: Mac, bssid: Mac, frame: Uint8Array): void {
  world.events.emit("frameFromClient", { bssid, mac: station, frame });
}

function bssidOf({ world }: Home, name: string): Mac | undefined {
  return world.snapshot().bsses.find((bss) => bss.site === "gateway" && bss.name === name)?.bssid;
}

const said = ({ log }: Home, pattern: RegExp) => log.records().filter(({ text }) => pattern.test(text)).length;

describe("what is wrong with steering's input is named, and concerns nobody else", () => {
  for (const { title, commands, role, said: pattern, ends = "gateway/home-ap-24" } of cases) {
    it(title, async () => {
      await using home = await homeOfTwo(role);
      for (const command of commands) assert.match(await home.run(command), /^[0-9a-f-]{36}\n$/, command);
      await home.run(`ovsh i Band_Steering_Clients mac:=${other} hwm:=100`);
      await home.pass(60);
      assert.equal(home.where(other), "gateway/home-ap-50");
      assert.equal(home.where(), ends);
      assert.equal(
        said(home, pattern),
        1,
        home.log
          .records()
          .map(({ text }) => text)
          .filter((text) => /conf|steer/.test(text))
          .join("\n"),
      );
    });
  }

  it("BTM responses that somebody else sends in a client's name, or that answer nothing", async () => {
    const slow = { accept: 1, ignore: 0, stays: 0, elsewhere: 0, delay: [2_000, 2_000] } as const;
    await using home = await homeOfTwo({ device: "laptop", habits: lowBand, transition: slow });
    const bssid = home.world.client(client)?.association?.bssid;
    assert.ok(bssid);
    const stranger = mac("0a:00:00:00:00:66");
    const forge = (sender: Mac, token: number) => {
      const refusal = { kind: "btm-response", token, status: 1, terminationDelay: 0, candidates: [] } as const;
      send(home, sender, bssid, buildActionFrame(toAccessPoint(sender, bssid), refusal));
    };
    await home.run(`${row} hwm:=100`);
    await home.run(`ovsh i Band_Steering_Clients mac:=${other} hwm:=100`);
    await home.pass(1);
    for (let token = 0; token < 256; token++) forge(stranger, token);
    for (let token = 0; token < 0x80; token++) forge(client, token);
    await home.pass(20);
    assert.deepEqual([home.where(), home.where(other)], ["gateway/home-ap-50", "gateway/home-ap-50"]);
    assert.equal(said(home, /hwm_2g: moved/), 2);
    assert.equal(said(home, /frames of stations that are not associated on home-ap-24; they are passed over/), 1);
    assert.match(home.gateway.dump(), /forgedFrames: 256/);
    assert.match(home.gateway.dump(), /unaskedResponses: 128/);
    assert.equal(said(home, /BTM responses of stations on home-ap-24 to nothing that they were asked/), 1);
  });

  it("BTM responses of a client that was never asked, or in the name of one by way of another access point", async () => {
    await using home = await homeOfTwo({ device: "laptop", habits: lowBand, transition: { accept: 1, ignore: 0 } });
    const [low, high] = ["24", "50"].map((suffix) => bssidOf(home, `home-ap-${suffix}`));
    assert.ok(low && high);
    await home.run(row);
    await home.run(`ovsh i Band_Steering_Clients mac:=${other} hwm:=100`);
    await home.pass(1);
    for (let token = 0; token < 256; token++) {
      const answer = { kind: "btm-response", token, terminationDelay: 0, candidates: [] } as const;
      const accepts = { ...answer, status: 0, target: high } as const;
      send(home, client, low, buildActionFrame(toAccessPoint(client, low), accepts));
      send(home, client, high, buildActionFrame(toAccessPoint(client, high), accepts));
    }
    await home.pass(20);
    assert.deepEqual([home.where(), home.where(other)], ["gateway/home-ap-24", "gateway/home-ap-50"]);
    assert.match(home.gateway.dump(), /unaskedResponses: 256/);
    assert.match(home.gateway.dump(), /forgedFrames: 256/);
    assert.equal(said(home, new RegExp(`${client}: hwm_2g`)), 0);
  });

  it("a flood of all tokens in the name of a client that is asked: at worst its own attempt fails", async () => {
    const slow = { accept: 1, ignore: 0, stays: 0, elsewhere: 0, delay: [2_000, 2_000] } as const;
    await using home = await homeOfTwo({ device: "laptop", habits: lowBand, transition: slow });
    const low = bssidOf(home, "home-ap-24");
    assert.ok(low);
    await home.run(`${row} hwm:=100 kick_type:=bss_tm_req`);
    await home.run(`ovsh i Band_Steering_Clients mac:=${other} hwm:=100`);
    await home.pass(1);
    for (let round = 0; round < 20; round++)
      for (let token = 0; token < 256; token++) {
        const refusal = { kind: "btm-response", token, status: 1, terminationDelay: 0, candidates: [] } as const;
        send(home, client, low, buildActionFrame(toAccessPoint(client, low), refusal));
      }
    await home.pass(20);
    assert.equal(home.where(other), "gateway/home-ap-50");
    assert.match(await home.run(`opensync explain steering ${client}`), /attempt: none/);
    assert.match(home.gateway.dump(), /unaskedResponses: \d{4}/);
    const lines = said(home, /BTM responses of stations|events of stations/);
    assert.ok(lines >= 1 && lines <= 2, `${lines} lines`);
  });

  it("frames that are cut off anywhere, or are longer than they say", async () => {
    await using home = await homeOfTwo();
    const bssid = home.world.client(client)?.association?.bssid;
    assert.ok(bssid);
    const answer = {
      kind: "btm-response",
      token: 0xff,
      status: 0,
      terminationDelay: 0,
      target: bssid,
      candidates: [],
    } as const;
    const whole = buildActionFrame(toAccessPoint(client, bssid), answer);
    await home.run(`${row} hwm:=100`);
    await home.run(`ovsh i Band_Steering_Clients mac:=${other} hwm:=100`);
    for (let length = 0; length < whole.length; length++) send(home, client, bssid, whole.subarray(0, length));
    send(home, client, bssid, Uint8Array.of(...whole, 52, 200, 1));
    await home.pass(20);
    assert.deepEqual([home.where(), home.where(other)], ["gateway/home-ap-50", "gateway/home-ap-50"]);
    const reasons = said(home, /frames from stations that cannot be read/);
    assert.ok(reasons >= 1 && reasons < 10, `${reasons} lines`);
    assert.match(home.gateway.dump(), /brokenFrames: \d+/);
  });
});
