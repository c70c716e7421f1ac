/** The way to a guest network: one passphrase of its own, with what it opens. */

import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { zoneWords } from "../../ui/keys.ts";
import { EditButton } from "./controls.tsx";
import { addGuests, guestNetwork, type KeyPlace, keyProblem, limitedToGuests, openGuestKeys } from "./edits.ts";
import { ApartChoice, SameAccessPoint, SharedDevices } from "./guest-limits.tsx";
import { SecretOf } from "./join-code.tsx";
import { KeyUsers } from "./key-users.tsx";
import { NotApplied } from "./not-applied.tsx";
import { OpenGuestKey } from "./open-guest-key.tsx";
import { madeUpPassphrase, webDraw } from "./passphrase.ts";
import { useEditing } from "./use-edit.ts";

export function GuestCard() {
  const { doc } = useEditing();
  const { location } = useParams({ from: "/inside/l/$location" });
  const guests = doc.networks.flatMap((network, index) =>
    network.security.keys.flatMap((entry) =>
      entry.zone === "guest" || entry.zone === "internet-only" ? [{ network, index, entry }] : [],
    ),
  );
  const open = openGuestKeys(doc);
  return (
    <section className="card guests" aria-label="Guest network">
      <header>
        <h2>Guest network</h2>
      </header>
      {guests.length === 0 && open.length === 0 && <NewGuests />}
      {open.map((place) =>
        guests.length === 0 ? (
          <OpenGuests key={`${place.network} ${place.position}`} place={place} />
        ) : (
          <OpenGuestKey key={`${place.network} ${place.position}`} {...partsAt(doc, place)} />
        ),
      )}
      {guests.map(({ network: at, entry, index }) => (
        <div key={`${index} ${entry.id}`}>
          <div className="row">
            <span>
              <strong>
                <bdi>{entry.label ?? entry.id}</bdi>
              </strong>{" "}
              on <bdi>{at.ssid}</bdi>: {zoneWords[entry.zone ?? "home"]}
              <NotApplied network={at} entry={entry} />
            </span>
            <SecretOf network={at} entry={entry} />
          </div>
          <KeyUsers at={index} ssid={at.ssid} id={entry.id} />
        </div>
      ))}
      {[...new Set(guests.map(({ index }) => index))].map((index) => (
        <SameAccessPoint key={index} at={index} />
      ))}
      <SharedDevices />
      {guests.length > 0 && (
        <p className="hint">
          <Link to={"/l/$location/network/guests" as "/l/$location"} params={{ location }} search={true}>
            Keys: another one, an end, or what they open
          </Link>
        </p>
      )}
    </section>
  );
}

/** There is no key for guests yet. */
function NewGuests() {
  const { doc, replace } = useEditing();
  const target = guestNetwork(doc);
  const network = target === undefined ? undefined : doc.networks[target];
  const problem = network && keyProblem(network);
  const [isApart, setApart] = useState(true);
  const make = () => {
    if (target === undefined) return;
    replace(addGuests(doc, target, { label: "Guests", psk: madeUpPassphrase(webDraw), zone: "guest" }, isApart));
  };
  return (
    <>
      <p>
        Guests join with a passphrase of their own, on 2.4 and 5 GHz. They reach the Internet and the devices that you
        share{isApart || network?.isolate ? "" : ", and devices on the same access point"}; nothing else at home.
      </p>
      {problem && <p className="hint">{problem} It is switched to that along with it.</p>}
      {network && !network.isolate && <ApartChoice isOn={isApart} onChange={setApart} />}
      {network ? (
        <EditButton kind="primary" onPress={make}>
          Make a guest network
        </EditButton>
      ) : (
        <p className="hint">First there must be a network that is on.</p>
      )}
    </>
  );
}

/** There is one that opens everything: it becomes the guest network, none is made beside it. */
function OpenGuests({ place }: { readonly place: KeyPlace }) {
  const { doc, replace } = useEditing();
  const { network, entry } = partsAt(doc, place);
  const [isApart, setApart] = useState(true);
  const limit = (psk?: string) => replace(limitedToGuests(doc, place, { psk, isolate: isApart }));
  return (
    <>
      <p>
        Your guests have a passphrase already: “<bdi>{entry.label}</bdi>” of “<bdi>{network.ssid}</bdi>”.{" "}
        <span className="warn">But it opens everything: who has it reaches every device at home.</span> As a guest
        network it opens the Internet and the devices that you share
        {isApart || network.isolate ? "" : ", and devices on the same access point"}; nothing else at home.
      </p>
      {!network.isolate && <ApartChoice isOn={isApart} onChange={setApart} />}
      <KeyUsers at={place.network} ssid={network.ssid} id={entry.id} />
      <div className="row">
        <EditButton kind="primary" onPress={() => limit()}>
          Make it the guest network
        </EditButton>
        <EditButton onPress={() => limit(madeUpPassphrase(webDraw))}>The same, with a new passphrase</EditButton>
      </div>
      <p className="hint">
        With the passphrase that they have, guests need not be told of it; a new one they have to be told.
      </p>
    </>
  );
}

function partsAt({ networks }: ReturnType<typeof useEditing>["doc"], { network: at, position }: KeyPlace) {
  const network = networks[at];
  const entry = network?.security.keys[position];
  if (!network || !entry) throw new Error(`no key ${position} of network ${at}`);
  return { network, at, position, entry };
}
