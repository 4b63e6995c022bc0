import type { Board } from "../boards.ts";
import type { Menu } from "../menu.ts";
import { dateTime, duration } from "../text.ts";
import type { Version } from "../version.ts";

/** Who may come in, who is in, and what the log says of it. */
export function accessMenus(_board: Board, _version: Version): Menu[] {
  return [
    {
      path: "/user",
      isFresh: true,
      rows: (router) =>
        router.spec.users.map((user, i) => ({
          ".id": `*${i + 1}`,
          name: user.name,
          group: user.group,
          address: "",
          disabled: "false",
        })),
    },
    {
      path: "/user/active",
      isFresh: true,
      rows: (router) =>
        [...router.active.values()].map(({ id, user, address, via, since }) => {
          const when = dateTime(since, router.version.hasIsoDates);
          return {
            ".id": `*${id.toString(16).toUpperCase()}`,
            when: `${when.date} ${when.time}`,
            name: user.name,
            address,
            via,
            group: user.group,
            radius: "false",
          };
        }),
    },
    {
      path: "/queue/simple",
      verbs: ["set", "add", "remove", "enable", "disable", "comment"],
      settable: ["name", "target", "max-limit", "limit-at", "comment", "disabled", "parent"],
      rows: () => [],
    },
    {
      path: "/tool/netwatch",
      verbs: ["set", "add", "remove", "enable", "disable", "comment"],
      settable: ["host", "interval", "timeout", "comment", "disabled", "name", "type"],
      rows: (router) => [{
        ".id": "*1",
        host: "1.1.1.1",
        timeout: "3s",
        interval: "1m",
        since: (now) => duration(router.uptimeMs(now) / 1_000),
        status: "up",
        disabled: "false",
      }],
    },
    {
      path: "/ppp/secret",
      verbs: ["set", "add", "remove", "enable", "disable", "comment"],
      settable: ["name", "password", "service", "profile", "local-address", "comment", "disabled"],
      rows: () => [],
    },
    {
      path: "/snmp/community",
      verbs: ["set", "add", "remove"],
      settable: ["name", "addresses", "security", "comment", "disabled"],
      rows: () => [],
    },
    {
      path: "/ip/pool",
      verbs: ["set", "add", "remove"],
      settable: ["name", "ranges", "next-pool", "comment"],
      rows: () => [],
    },
  ];
}
