import { type ConfigItem, type ConfigModel, isOn, isSame } from "../config_model.ts";
import { anyHolds } from "./addresses.ts";
import { certain, type Check, type Obstacle, possible } from "./management.ts";

/** What a user needs to change a router and to take it back. */
const NEEDED = ["read", "write", "policy", "test", "sensitive", "reboot", "ftp"];
const MENUS = ["/user", "/user/group", "/user/aaa", "/radius"];

/** Whether the user that we log in as still may. */
export const users: Check = {
  watches: (menu) => MENUS.includes(menu),
  look({ model, base, us }) {
    const was = base.items("/user").find(({ name }) => name === us.username);
    if (!was) return byRadius(model, base);
    const called = `The user ${us.username}, whom we log in as,`;
    const now = model.items("/user").find((item) => item[".id"] === was[".id"]);
    if (!now) return [certain("user:gone", `${called} is removed.`)];
    const found: Obstacle[] = [];
    if (now["name"] !== was["name"]) {
      found.push(certain("user:name", `${called} is renamed to ${now["name"]}.`));
    }
    if (isOn(now, "disabled")) found.push(certain("user:off", `${called} is switched off.`));
    if (now["password"] !== was["password"]) {
      found.push(certain("user:password", `${called} gets another password.`));
    }
    const allowed = now["address"] ?? "";
    if (allowed !== "" && !isSame(allowed, was["address"])) {
      const isOut = us.sources.length > 0 && !us.sources.some((one) => anyHolds(allowed, one));
      if (isOut) found.push(certain("user:address", `${called} may log in from ${allowed} only.`));
      else if (us.sources.length === 0) {
        found.push(possible("user:address", `${called} may log in from ${allowed} only.`));
      }
    }
    return [...found, ...policies(model, base, was, now)];
  },
};

function policies(
  model: ConfigModel,
  base: ConfigModel,
  was: ConfigItem,
  now: ConfigItem,
): Obstacle[] {
  const [before, after] = [policiesOf(base, was["group"]), policiesOf(model, now["group"])];
  if (!before) return [];
  if (!after) return [certain("user:group", `The group ${now["group"]} of our user is removed.`)];
  const lost = [...before].filter((policy) => !after.has(policy));
  if (lost.includes("api")) {
    return [certain("user:api", "Our user loses the policy api: it cannot log in to the API.")];
  }
  const missed = lost.filter((policy) => NEEDED.includes(policy));
  if (missed.length === 0) return [];
  const what = missed.length === 1 ? `policy ${missed[0]}` : `policies ${missed.join(", ")}`;
  const reason = `Our user loses the ${what}: it may not be able to change or revert anything.`;
  return [possible(`user:policies:${missed.join()}`, reason)];
}

/** `undefined`: there is no such group. */
function policiesOf(model: ConfigModel, name: string | undefined): Set<string> | undefined {
  const group = model.items("/user/group").find((item) => item["name"] === name);
  if (!group) return undefined;
  const words = (group["policy"] ?? "").split(",").map((word) => word.trim());
  return new Set(words.filter((word) => word !== "" && !word.startsWith("!")));
}

/** Our user is not one of the router's own: others say who may log in. */
function byRadius(model: ConfigModel, base: ConfigModel): Obstacle[] {
  const text = (of: ConfigModel, menu: string) => JSON.stringify(of.items(menu));
  return ["/user/aaa", "/radius"].filter((menu) => text(model, menu) !== text(base, menu))
    .map((menu) =>
      possible(
        `radius:${menu}`,
        `Our user is not one of the router's own, and ${menu} says who may log in.`,
      )
    );
}
