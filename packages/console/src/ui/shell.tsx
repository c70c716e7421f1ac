/** What is around every page: where one is, who one is, whether what is shown is what is. */

import { Link, Outlet, useLocation, useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { isUnknown, useAsk, useChange } from "../api/ask.ts";
import { live, useLive } from "../api/live.ts";
import { edits } from "../pages/change/work-store.ts";
import { locationPages } from "../pages/pages.ts";
import { CommandPalette } from "./command-palette.tsx";
import { useChosenInSight } from "./in-sight.ts";
import { keptSearch } from "./kept-search.ts";
import { signText } from "./reach.ts";
import { ReachBanner } from "./reach-banner.tsx";
import { chooseTheme, storedTheme, type Theme, themes } from "./theme.ts";
import { durationText } from "./time.ts";
import { TimeBar } from "./time-bar.tsx";
import { useAt } from "./use-at.ts";
import { useNow } from "./use-now.ts";
import { useHomeReach } from "./use-reach.ts";

export function Shell() {
  useEffect(() => live.start(), []);
  useEffect(() => {
    // An edit stays while one looks at other pages, not when all of the console is read anew or closed: the browser asks then.
    const ask = (event: BeforeUnloadEvent) => {
      if (edits.isUnsaved) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
  const [isFinding, setFinding] = useState(false);
  const isOver = useEnd();
  if (isOver) return null;
  return (
    <div className="shell">
      <a className="skip" href="#page">
        To the content
      </a>
      <header className="bar">
        <Link to="/" className="brand">
          <img src="/icon.svg" alt="" width="24" height="24" />
          OpenSync
        </Link>
        <Button className="button find" aria-keyshortcuts="Control+K Meta+K" onPress={() => setFinding(true)}>
          <span>Find …</span>
          <kbd>Ctrl K</kbd>
        </Button>
        <LiveSign />
        <AccountMenu />
      </header>
      <CommandPalette isOpen={isFinding} onOpenChange={setFinding} />
      <Outlet />
    </div>
  );
}

/** Whether the session is over; then the sign-in is on its way, with the way back. */
function useEnd(): boolean {
  const { data: me, error } = useAsk("GET /session", {});
  const { href } = useLocation();
  const navigate = useNavigate();
  const isOver = isUnknown(error);
  const leave = useEffectEvent(
    () => void navigate({ to: "/sign-in", search: { to: href, ended: true }, replace: true }),
  );
  // Once: the address changes while this is still shown.
  useEffect(() => {
    if (isOver) leave();
  }, [isOver]);
  useEffect(() => {
    if (me) edits.belongTo(me.actor);
  }, [me]);
  return isOver;
}

/** Around the pages of one location. */
export function LocationShell() {
  const { location } = useParams({ from: "/inside/l/$location" });
  const { data } = useAsk("GET /locations/:location", { params: { location } });
  const { pathname } = useLocation();
  const pages = useRef<HTMLElement>(null);
  useChosenInSight(pages, `${pathname} ${data?.name}`);
  return (
    <>
      <nav ref={pages} className="pages" aria-label={data?.name ?? "Location"}>
        <strong className="place">
          <bdi>{data?.name ?? "…"}</bdi>
        </strong>
        <ul>
          {locationPages.map(({ path, label, isOfSimulation = false }) =>
            label === undefined || (isOfSimulation && !data?.simulated) ? null : (
              <li key={path}>
                <Link
                  to={`/l/$location${path === "/" ? "" : path}` as "/l/$location"}
                  params={{ location }}
                  search={keptSearch as never}
                  activeOptions={{ exact: path === "/", includeSearch: false }}
                >
                  {label}
                </Link>
              </li>
            ),
          )}
        </ul>
      </nav>
      <main id="page" tabIndex={-1}>
        <ReachBanner location={location} />
        <Outlet />
      </main>
      <TimeBar location={location} />
    </>
  );
}

function LiveSign() {
  const state = useLive();
  const now = useNow(1000);
  const { location } = useParams({ strict: false });
  const { atMs } = useAt();
  const unreached = signText(useHomeReach(location));
  switch (state.kind) {
    case "live":
      if (unreached !== null && atMs === undefined) {
        return (
          <span className="sign bad" role="status" title="The cloud is live; it cannot reach the home.">
            {unreached}
          </span>
        );
      }
      if (atMs !== undefined) {
        return (
          <span className="sign" role="status" title="What is shown is of the time chosen below; the cloud is live.">
            past
          </span>
        );
      }
      return (
        <span className="sign good" role="status">
          live
        </span>
      );
    case "connecting":
      return (
        <span className="sign" role="status">
          connecting …
        </span>
      );
    case "cut":
      return (
        <span className="sign bad" role="status" title="The cloud cannot be heard; it is tried again and again.">
          nothing new for {durationText(now - state.since)}
        </span>
      );
    case "ended":
      return (
        <span className="sign bad" role="status">
          {state.reason}
        </span>
      );
  }
}

const themeWords: Readonly<Record<Theme, string>> = { system: "Theme of the system", light: "Light", dark: "Dark" };

function AccountMenu() {
  const { data: me } = useAsk("GET /session", {});
  const name = me?.user ?? me?.actor ?? "…";
  const logOut = useChange("DELETE /session");
  const navigate = useNavigate();
  const [theme, setTheme] = useState(storedTheme);
  const leave = () => logOut.mutate({}, { onSettled: () => void navigate({ to: "/sign-in", reloadDocument: true }) });
  return (
    <MenuTrigger>
      <Button className="button account" aria-label={`${name}: account and appearance`}>
        <bdi>{name}</bdi>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu">
          {themes.map((name) => (
            <MenuItem
              key={name}
              id={name}
              textValue={themeWords[name]}
              className="item"
              onAction={() => {
                chooseTheme(name);
                setTheme(name);
              }}
            >
              {name === theme ? "✓ " : ""}
              {themeWords[name]}
            </MenuItem>
          ))}
          <MenuItem id="sign-out" className="item" onAction={leave}>
            Sign out ({me?.role ?? "…"})
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
