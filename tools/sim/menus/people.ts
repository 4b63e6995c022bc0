import { allPolicies } from "../accounts.ts";
import type { Board } from "../boards.ts";
import type { Row } from "../live.ts";
import type { Menu } from "../menu.ts";
import type { SimRouter } from "../router.ts";
import { dateTime, duration, toBytes } from "../text.ts";
import { Trap } from "../trap.ts";
import type { Version } from "../version.ts";
import { list, settings, VERBS } from "./list.ts";

const READ = [
  "local",
  "telnet",
  "ssh",
  "read",
  "test",
  "winbox",
  "password",
  "web",
  "sniff",
  "api",
];
const WRITE = [...READ, "write", "reboot", "sensitive", "romon"];

/** `read,write,!ftp,…`: every policy, with a mark before those it lacks. */
export function policyText(has: ReadonlySet<string>, version: Version): string {
  const all = allPolicies(version.major >= 7);
  return [
    ...all.filter((name) => has.has(name)),
    ...all.filter((name) => !has.has(name)).map((n) => `!${n}`),
  ]
    .join(",");
}

function groups(router: SimRouter): Row[] {
  const text = (list: string[]) => policyText(new Set(list), router.version);
  const all = allPolicies(router.version.major >= 7);
  return [
    { name: "read", $default: "true", policy: text(READ) },
    { name: "write", $default: "true", policy: text(WRITE) },
    { name: "full", $default: "true", policy: text(all) },
  ];
}

/** Some user must be left who can repair what is wrong. */
function checkLast(router: SimRouter, row: Row, next: Row | undefined): void {
  const isFull = (user: Row | undefined) =>
    user !== undefined && user["group"] === "full" && user["disabled"] !== "true";
  const others = router.config.rows("/user").filter((user) => user[".id"] !== row[".id"]);
  if (isFull(row) && !isFull(next) && !others.some(isFull)) {
    throw new Trap("failure: can not remove or change last user with full rights", 4);
  }
}

/** Who may come in, and who is in. */
export function peopleMenus(_board: Board, version: Version): Menu[] {
  return [
    list("/user", { address: "" }, {
      needs: ["name", "group"],
      policy: "policy",
      hidden: ["password"],
      isUnexported: true,
      taken: "failure: user with the same name already exists",
      seed: (router) =>
        router.spec.users.map(({ name, password, group }) => ({
          name: toBytes(name),
          $password: toBytes(password),
          group,
          address: "",
        })),
      check: (router, row, before) => before && checkLast(router, before, row),
      remove: (router, row) => checkLast(router, row, undefined),
    }),
    list("/user/group", { skin: "default" }, {
      needs: ["name"],
      policy: "policy",
      taken: "failure: group with the same name already exists",
      seed: groups,
      derive(router, row) {
        const words = String(row["policy"] ?? "").split(",").filter(Boolean);
        const all = new Set(allPolicies(router.version.major >= 7));
        const wrong = words.find((word) => !all.has(word.replace(/^!/, "")));
        if (wrong) throw new Trap("input does not match any value of policy", 1);
        return { policy: policyText(new Set(words), router.version) };
      },
      remove(router, row) {
        if (["read", "write", "full"].includes(String(row["name"]))) {
          throw new Trap("failure: can not remove default group", 4);
        }
        if (router.config.rows("/user").some((user) => user["group"] === row["name"])) {
          throw new Trap("failure: group is used by some user", 4);
        }
      },
    }),
    settings("/user/aaa", { "use-radius": "false", accounting: "true", "default-group": "read" }),
    {
      path: "/user/active",
      isFresh: true,
      rows: (router) =>
        [...router.active.values()].map(({ id, user, address, via, since }) => {
          const when = dateTime(since, version.hasIsoDates);
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
    list("/ppp/profile", {
      "use-compression": "default",
      "use-encryption": "default",
      "only-one": "default",
      "change-tcp-mss": "default",
      "use-upnp": "default",
      "address-list": "",
      ...(version.major >= 7 ? { "use-ipv6": "yes" } : {}),
    }, {
      needs: ["name"],
      verbs: VERBS.filter((verb) => verb !== "enable" && verb !== "disable"),
      seed: [
        { name: "default", "change-tcp-mss": "yes", default: "true" },
        {
          name: "default-encryption",
          "use-encryption": "yes",
          "change-tcp-mss": "yes",
          default: "true",
        },
      ],
    }),
    list("/ppp/secret", { service: "any", profile: "default", "caller-id": "" }, {
      needs: ["name"],
      unique: ["name+service"],
      taken: "failure: secret with the same name already exists",
    }),
    list("/queue/simple", {
      parent: "none",
      priority: "8/8",
      "limit-at": "0/0",
      "max-limit": "0/0",
      queue: "default-small/default-small",
    }, {
      isOrdered: true,
      autoName: "queue",
      check(_router, row) {
        if (row["target"] === undefined && row["dst"] === undefined) {
          throw new Trap("failure: target or dst must be set", 4);
        }
      },
    }),
    list("/queue/tree", {
      "limit-at": "0",
      "max-limit": "0",
      priority: "8",
      "packet-mark": "",
    }, { needs: ["name", "parent"] }),
    list("/queue/type", {}, {
      needs: ["name", "kind"],
      verbs: ["set", "add", "remove"],
      seed: [
        { name: "default", kind: "pfifo", "pfifo-limit": "50", default: "true" },
        { name: "default-small", kind: "pfifo", "pfifo-limit": "10", default: "true" },
      ],
    }),
    list("/tool/netwatch", {
      interval: version.major >= 7 ? "10s" : "1m",
      timeout: version.major >= 7 ? "3s" : "1s",
      ...(version.major >= 7 ? { type: "simple" } : {}),
    }, {
      needs: ["host"],
      unique: [],
      seed: (router) => [{
        host: "1.1.1.1",
        timeout: "3s",
        interval: "1m",
        since: (now) => duration(router.uptimeMs(now) / 1_000),
        status: "up",
      }],
    }),
  ];
}
