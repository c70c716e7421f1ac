import { kindText } from "@opensync-ts/cloud/words/kind-words";
import { useState } from "react";
import { Button, Label } from "react-aria-components";
import { useChange } from "../../api/ask.ts";
import { useMay } from "../../api/use-may.ts";
import { clock } from "../../clock.ts";
import { Failure } from "../../ui/failure.tsx";
import { momentText } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { useNodeReach } from "../../ui/use-reach.ts";
import type { Device } from "../clients/client-list.ts";
import { BandHold } from "./band-hold.tsx";
import { Ending, type Held, Left, type Part } from "./held-parts.tsx";
import { holdChoices, type MovesInput, movesOf } from "./moves.ts";
import { Sharing } from "./sharing.tsx";
import { untilProblem, untoldText } from "./until.ts";
import type { Explanation } from "./why-there.ts";

interface ActionsProps {
  readonly location: string;
  readonly mac: string;
  /** Null: not read yet. */
  readonly device: Device | undefined | null;
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
      <BandHold
        location={location}
        mac={mac}
        band={device?.band ?? null}
        choices={holdChoices(explanation)}
        isForSetUp={["modern-phone", "older-phone", "tablet"].includes(explanation?.class ?? "")}
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
      <Sharing
        location={location}
        mac={mac}
        shared={device?.shared}
        isolate={device?.now?.key?.isolated ?? undefined}
        isDisabled={!may.allowed}
      />
      <Profile
        location={location}
        mac={mac}
        profile={device?.profile ?? null}
        profiles={explanation?.profiles ?? []}
        isDisabled={!may.allowed}
        isReached={isReached}
      />
      <Reset
        location={location}
        mac={mac}
        device={device}
        explanation={explanation}
        isDisabled={!may.allowed}
        isReached={isReached}
      />
    </section>
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
    // In whole seconds: of two presses it is the same.
    const whole = until === null ? null : Math.ceil(until / 1000) * 1000;
    freeze.mutate({ params, body: { until: whole === null ? null : new Date(whole).toISOString() } });
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
            <Button
              className="button"
              isDisabled={isDisabled || isBusy}
              onPress={() => hold(clock.wallTime() + 30 * 60_000)}
            >
              For 30 min
            </Button>
            <Button
              className="button"
              isDisabled={isDisabled || isBusy}
              onPress={() => hold(clock.wallTime() + 120 * 60_000)}
            >
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

interface ResetProps extends Part {
  readonly device: Device | undefined | null;
  readonly explanation: Explanation | undefined;
}

function whereOf(device: ResetProps["device"]): MovesInput["where"] {
  if (device === null) return "loading";
  if (!device?.now) return "away";
  return device.now.lastKnownAt === null ? "here" : "unknown";
}

function Reset({ location, mac, device, explanation, isDisabled }: ResetProps) {
  const reset = useChange("POST /locations/:location/steering/clients/:mac/reset");
  const now = useNow(30_000);
  const { text, isLeftAlone } = movesOf({
    explanation,
    where: whereOf(device),
    band: device?.band ?? null,
    now,
    moment: (at) => momentText(at, now),
  });
  return (
    <div className="action">
      <h3>Moves to a better place</h3>
      <p className="hint">{text}</p>
      <Button
        className="button"
        isDisabled={isDisabled || !isLeftAlone || reset.isPending}
        onPress={() => reset.mutate({ params: { location, mac } })}
      >
        Let it be moved again
      </Button>
      <Failure error={reset.error} />
    </div>
  );
}
