/** The way to a guest network: one passphrase of its own, with what it opens. */

import { Link, useParams } from "@tanstack/react-router";
import { zoneWords } from "../../ui/keys.ts";
import { EditButton } from "./controls.tsx";
import { addGuests, guestNetwork, keyProblem } from "./edits.ts";
import { SecretOf } from "./join-code.tsx";
import { KeyUsers } from "./key-users.tsx";
import { OpenGuestKey } from "./open-guest-key.tsx";
import { madeUpPassphrase, webDraw } from "./passphrase.ts";
import { useEditing } from "./use-edit.ts";

export function GuestCard() {
  const { doc, replace } = useEditing();
  const { location } = useParams({ from: "/inside/l/$location" });
  const guests = doc.networks.flatMap((network, index) =>
    network.security.keys.flatMap((entry) =>
      entry.zone === "guest" || entry.zone === "internet-only" ? [{ network, index, entry }] : [],
    ),
  );
  const target = guestNetwork(doc);
  const network = target === undefined ? undefined : doc.networks[target];
  const problem = network && keyProblem(network);
  const make = () => {
    if (target === undefined) return;
    replace(addGuests(doc, target, { label: "Guests", psk: madeUpPassphrase(webDraw), zone: "guest" }));
  };
  return (
    <section className="card guests" aria-label="Guest network">
      <header>
        <h2>Guest network</h2>
      </header>
      {doc.networks.flatMap((network, at) =>
        network.security.keys.map((entry, position) => (
          <OpenGuestKey key={`${network.ssid} ${entry.id}`} {...{ network, at, position, entry }} />
        )),
      )}
      {guests.length === 0 && (
        <>
          <p>
            Guests join with a passphrase of their own, on 2.4 and 5 GHz. They reach the Internet and the devices that
            you share, and nothing else at home.
          </p>
          {problem && <p className="hint">{problem} It is switched to that along with it.</p>}
          {network ? (
            <EditButton kind="primary" onPress={make}>
              Make a guest network
            </EditButton>
          ) : (
            <p className="hint">First there must be a network that is on.</p>
          )}
        </>
      )}
      {guests.map(({ network: at, entry, index }) => (
        <div key={`${index} ${entry.id}`}>
          <div className="row">
            <span>
              <strong>
                <bdi>{entry.label ?? entry.id}</bdi>
              </strong>{" "}
              on <bdi>{at.ssid}</bdi>: {zoneWords[entry.zone ?? "home"]}
            </span>
            <SecretOf network={at} entry={entry} />
          </div>
          <KeyUsers at={index} ssid={at.ssid} id={entry.id} />
        </div>
      ))}
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
