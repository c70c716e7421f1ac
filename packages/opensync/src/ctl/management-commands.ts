/** The tree of `ctl tenant`, `location`, `user` and `token`. */

import { type Command, Option } from "commander";
import { clock } from "../run.ts";
import { parseMoment } from "./arguments.ts";
import { all, usage, withCommon } from "./common.ts";

const roles = ["viewer", "operator", "admin", "owner"];

export function addManagement(ctl: Command): void {
  const tenant = ctl.command("tenant").description("tenants");
  withCommon(tenant.command("add"))
    .description("makes a tenant")
    .argument("<name>")
    .action(async (name, _, command) => (await import("./manage.ts")).addTenant(name, all(command)));
  withCommon(tenant.command("list"))
    .description("tenants within reach")
    .action(async (_, command) => (await import("./manage.ts")).listTenants(all(command)));
  const location = ctl.command("location").description("locations; 'status' lists them");
  withCommon(location.command("add"))
    .description("makes a location")
    .argument("<name>")
    .option("--tenant <tenant>", "of this one, by id or name; may be left out where there is one only")
    .action(async (name, _, command) => (await import("./manage.ts")).addLocation(name, all(command)));
  withCommon(location.command("rename"))
    .description("gives a location another name")
    .argument("<location>", "by id or name")
    .argument("<name>", "its new name")
    .action(async (named, name, _, command) => (await import("./manage.ts")).renameLocation(named, name, all(command)));
  withCommon(location.command("remove"))
    .description("removes a location with its versions; its nodes are nobody's then")
    .argument("<location>", "by id or name")
    .action(async (named, _, command) => (await import("./manage.ts")).removeLocation(named, all(command)));
  addUsers(ctl);
  addTokens(ctl);
}

function addUsers(ctl: Command): void {
  const user = ctl.command("user").description("users");
  withCommon(user.command("add"))
    .description("makes a user; a password that is made up is told once")
    .argument("<name>")
    .addOption(new Option("--role <role>", "what they may").choices(roles).makeOptionMandatory())
    .option("--tenant <tenant>", "of this one only, by id or name")
    .option("--password-file <file>", "with the password; - for stdin")
    .action(async (name, _, command) => (await import("./users.ts")).addUser(name, all(command)));
  withCommon(user.command("list"))
    .description("users within reach")
    .action(async (_, command) => (await import("./users.ts")).listUsers(all(command)));
  withCommon(user.command("change"))
    .description("changes a user; with another role or password all sessions of theirs end")
    .argument("<name>")
    .addOption(new Option("--role <role>", "what they may").choices(roles))
    .option("--tenant <tenant>", "of this one only, by id or name")
    .option("--whole-cloud", "of no single tenant")
    .option("--new-password", "one that is made up, and told once")
    .option("--password-file <file>", "with the password; - for stdin")
    .option("--disable", "may not log in")
    .option("--enable", "may log in again")
    .action(async (name, _, command: Command) => {
      const { changeProblem, changeUser } = await import("./users.ts");
      const problem = changeProblem(command.opts());
      if (problem !== undefined) usage(command, problem);
      await changeUser(name, all(command));
    });
  withCommon(user.command("remove"))
    .description("removes a user with all sessions and tokens")
    .argument("<name>")
    .action(async (name, _, command) => (await import("./users.ts")).removeUser(name, all(command)));
}

function addTokens(ctl: Command): void {
  const token = ctl.command("token").description("tokens for programs");
  withCommon(token.command("add"))
    .description("makes a token; its text is told once")
    .argument("<name>")
    .addOption(new Option("--role <role>", "what it may").choices([...roles, "scrape"]).makeOptionMandatory())
    .option("--tenant <tenant>", "of this one only, by id or name")
    .option(
      "--expires <when>",
      "2026-08-01T18:00:00Z, or 30d from now",
      parseMoment(() => clock.wallTime()),
    )
    .action(async (name, _, command) => (await import("./tokens.ts")).addToken(name, all(command)));
  withCommon(token.command("list"))
    .description("tokens, without their texts: for admins all within reach, else one's own")
    .action(async (_, command) => (await import("./tokens.ts")).listTokens(all(command)));
  withCommon(token.command("remove"))
    .description("revokes a token, and those that were made with it")
    .argument("<token>", "by name or id")
    .action(async (named, _, command) => (await import("./tokens.ts")).removeToken(named, all(command)));
}
