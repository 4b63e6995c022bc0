import type { Menu } from "../menu.ts";
import type { Version } from "../version.ts";
import { ids } from "./ip.ts";

/** `/ip/service`: what listens, and for whom. */
export function service(version: Version): Menu {
  const LIST: [string, string, boolean][] = [
    ["telnet", "23", true],
    ["ftp", "21", true],
    ["www", "80", true],
    ["ssh", "22", false],
    ["www-ssl", "443", true],
    ["api", "8728", false],
    ["winbox", "8291", false],
    ["api-ssl", "8729", false],
  ];
  const hasLimit = version.atLeast("7.16");
  return {
    path: "/ip/service",
    verbs: ["set", "enable", "disable"],
    defaults: { address: "", "tls-version": "any", vrf: "main" },
    rows: (router) =>
      ids(LIST.map(([name, port, isOff]) => ({
        name,
        port,
        address: "",
        ...(name.endsWith("-ssl") ? { certificate: "none" } : {}),
        ...(version.major === 7 ? { vrf: "main" } : {}),
        ...(hasLimit ? { "max-sessions": String(router.spec.maxSessions) } : {}),
        invalid: "false",
        disabled: String(isOff),
      }))),
  };
}
