import { useState } from "react";
import { Button, Label } from "react-aria-components";
import { useChange } from "../../api/ask.ts";
import { useMay } from "../../api/use-may.ts";
import { Failure } from "../../ui/failure.tsx";
import { kindText } from "../../ui/kinds.ts";
import { countdownText, momentText } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { useNodeReach } from "../../ui/use-reach.ts";
import { bandText } from "../../ui/words.ts";
import type { Device } from "../clients/client-list.ts";
import { endingText, untilProblem, untoldText } from "./until.ts";
import type { Explanation } from "./why-there.ts";

interface ActionsProps {
  readonly location: string;
  readonly mac: string;
  readonly device: Device | undefined;
  readonly explanation: Explanation | undefined;
}

/** What can be changed at once; every one can be undone here. */
export function Actions({ location, mac, device, explanation }: ActionsProps) {
  const may = useMay("operator");
  const reach = useNodeReach(location, device?.now?.node);
  const isReached = reach.kind === "here";
  return (
    <section id="change" className="card actions" aria-label="Change">
      <h2>Change</h2>
      {!may.allowed && <p className="soft">{may.reason}</p>}
      <Band
        location={location}
        mac={mac}
        band={device?.band ?? null}
        isEnding={device?.ending.includes("band") ?? false}
        isDisabled={!may.allowed}
        isReached={isReached}
      />
      <Freeze
        location={location}
        mac={mac}
        frozen={device?.frozen ?? null}
        isEnding={device?.ending.includes("frozen") ?? false}
        isDisabled={!may.allowed}
        isReached={isReached}
      />
      <Profile
        location={location}
        mac={mac}
        profile={device?.profile ?? null}
        profiles={explanation?.profiles ?? []}
        isDisabled={!may.allowed}
        isReached={isReached}
      />
      <Reset location={location} mac={mac} explanation={explanation} isDisabled={!may.allowed} isReached={isReached} />
    </section>
  );
}

interface Part {
  readonly location: string;
  readonly mac: string;
  readonly isDisabled: boolean;
  /** Its node is heard of. */
  readonly isReached: boolean;
}

interface Held extends Part {
  /** It was taken back, and its node has not been told. */
  readonly isEnding: boolean;
}

function Band({ location, mac, band, isEnding, isReached, isDisabled }: Held & { readonly band: Device["band"] }) {
  const hold = useChange("PUT /locations/:location/devices/:mac/band");
  const stop = useChange("DELETE /locations/:location/devices/:mac/band");
  const params = { location, mac };
  const isBusy = hold.isPending || stop.isPending;
  return (
    <div className="action">
      <h3>2.4 GHz only, for a while</h3>
      {band ? (
        <>
          <p role="status">
            {bandText(band.prefer)} {band.only ? "only" : "rather than others"}
            <Left until={band.until} isTold={band.told} />
          </p>
          {!band.told && <p className="warn">{untoldText(isReached, band.until)}</p>}
          <Button
            className="button"
            isDisabled={isDisabled || isBusy}
            onPress={() => {
              hold.reset();
              stop.mutate({ params });
            }}
          >
            Stop now
          </Button>
        </>
      ) : (
        <>
          {isEnding && <Ending isReached={isReached} />}
          <p className="hint">Some devices can only be set up while the phone is on 2.4 GHz, too.</p>
          <Button
            className="button"
            isDisabled={isDisabled || isBusy}
            onPress={() => {
              stop.reset();
              hold.mutate({ params, body: { band: "2.4G", minutes: 30 } });
            }}
          >
            2.4 GHz only for 30 minutes
          </Button>
        </>
      )}
      <Failure error={hold.error ?? stop.error} />
    </div>
  );
}

function Freeze({
  location,
  mac,
  frozen,
  isEnding,
  isReached,
  isDisabled,
}: Held & { readonly frozen: Device["frozen"] }) {
  const freeze = useChange("PUT /locations/:location/devices/:mac/freeze");
  const release = useChange("DELETE /locations/:location/devices/:mac/freeze");
  const now = useNow(30_000);
  const [typed, setTyped] = useState("");
  const params = { location, mac };
  const isBusy = freeze.isPending || release.isPending;
  const hold = (until: number | null) => {
    release.reset();
    freeze.mutate({ params, body: { until: until === null ? null : new Date(until).toISOString() } });
  };
  const problem = typed === "" ? undefined : untilProblem(typed, now);
  return (
    <div className="action">
      <h3>No Internet</h3>
      {frozen ? (
        <>
          <p role="status">
            {frozen.told ? "It has no Internet" : "It is to have no Internet"}
            <Left until={frozen.until} isTold={frozen.told} />
          </p>
          {!frozen.told && <p className="warn">{untoldText(isReached, frozen.until)}</p>}
          <Button
            className="button"
            isDisabled={isDisabled || isBusy}
            onPress={() => {
              freeze.reset();
              release.mutate({ params });
            }}
          >
            Let it use the Internet again
          </Button>
        </>
      ) : (
        <>
          {isEnding && <Ending isReached={isReached} />}
          <div className="choices">
            <Button className="button" isDisabled={isDisabled || isBusy} onPress={() => hold(now + 30 * 60_000)}>
              For 30 min
            </Button>
            <Button className="button" isDisabled={isDisabled || isBusy} onPress={() => hold(now + 120 * 60_000)}>
              For 2 h
            </Button>
            <Button className="button" isDisabled={isDisabled || isBusy} onPress={() => hold(null)}>
              For good
            </Button>
          </div>
          <div className="choices">
            <label className="until">
              Until
              <input
                type="datetime-local"
                className="input"
                value={typed}
                disabled={isDisabled}
                aria-describedby={problem ? "until-problem" : undefined}
                onChange={(event) => setTyped(event.target.value)}
              />
            </label>
            <Button
              className="button"
              isDisabled={isDisabled || isBusy || typed === "" || problem !== undefined}
              onPress={() => hold(new Date(typed).getTime())}
            >
              Set
            </Button>
          </div>
          {problem && (
            <p id="until-problem" className="bad">
              {problem}
            </p>
          )}
        </>
      )}
      <Failure error={freeze.error ?? release.error} />
    </div>
  );
}

function Ending({ isReached }: { readonly isReached: boolean }) {
  return (
    <p className="warn" role="status">
      {endingText(isReached)}
    </p>
  );
}

interface ProfileProps extends Part {
  readonly profile: string | null;
  readonly profiles: readonly string[];
}

function Profile({ location, mac, profile, profiles, isDisabled }: ProfileProps) {
  const change = useChange("PUT /locations/:location/devices/:mac");
  const names = profile === null || profiles.includes(profile) ? profiles : [profile, ...profiles];
  return (
    <div className="action">
      <Label htmlFor="profile" className="as-heading">
        Treat it as
      </Label>
      <select
        id="profile"
        className="input"
        value={profile ?? ""}
        disabled={isDisabled || change.isPending || profiles.length === 0}
        onChange={(event) =>
          change.mutate({ params: { location, mac }, body: { profile: event.target.value || null } })
        }
      >
        <option value="">what it seems to be</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {kindText(name)}
          </option>
        ))}
      </select>
      <Failure error={change.error} />
    </div>
  );
}

function Reset({ location, mac, explanation, isDisabled }: Part & { readonly explanation: Explanation | undefined }) {
  const reset = useChange("POST /locations/:location/steering/clients/:mac/reset");
  const now = useNow(30_000);
  const next = explanation?.notBefore ? Date.parse(explanation.notBefore) : 0;
  const isHeld = next > now || (explanation?.failures ?? 0) > 0 || (explanation?.blocked.length ?? 0) > 0;
  return (
    <div className="action">
      <h3>Moves to a better place</h3>
      <p className="hint">
        {next > now
          ? `It is not asked to move before ${momentText(next, now)}.`
          : isHeld
            ? "Some moves failed before, so it is left alone there for a while."
            : "Nothing keeps the cloud from moving it to a better place."}
      </p>
      <Button
        className="button"
        isDisabled={isDisabled || !isHeld || reset.isPending}
        onPress={() => reset.mutate({ params: { location, mac } })}
      >
        Let it be moved again
      </Button>
      <Failure error={reset.error} />
    </div>
  );
}

/** `isTold`: its node has been given it. */
function Left({ until, isTold }: { readonly until: string | null; readonly isTold: boolean }) {
  const now = useNow(1000);
  if (until === null) return <>, until that is changed.</>;
  const end = Date.parse(until);
  return (
    <>
      {" "}
      until {momentText(end, now)}
      {isTold && (
        <span className="countdown" aria-hidden="true">
          {countdownText(end - now)}
        </span>
      )}
    </>
  );
}
