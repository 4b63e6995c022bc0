import type { Board } from "../boards.ts";
import type { Menu } from "../menu.ts";
import type { Version } from "../version.ts";

const VERBS = ["set", "add", "remove", "enable", "disable"];

/** What is logged, and where to. Rules with a remote action make the router a syslog sender. */
export function loggingMenus(_board: Board, version: Version): Menu[] {
  return [
    { path: "/log", isFresh: true, rows: (router) => router.logRows() },
    {
      path: "/system/logging",
      verbs: VERBS,
      defaults: { action: "memory", prefix: "" },
      unique: [],
      rows: () =>
        ["info", "error", "warning", "critical"].map((topics, i) => ({
          ".id": `*${i + 1}`,
          topics,
          action: topics === "critical" ? "echo" : "memory",
          prefix: "",
          disabled: "false",
          $default: "true",
        })),
    },
    {
      path: "/system/logging/action",
      verbs: ["set", "add", "remove"],
      defaults: {
        "remote-port": "514",
        "memory-lines": "1000",
        ...(version.atLeast("7.18")
          ? { "remote-log-format": "default" }
          : { "bsd-syslog": "false" }),
      },
      needs: ["name", "target"],
      rows: () => [
        { ".id": "*0", name: "memory", target: "memory", "memory-lines": "1000", $default: "true" },
        { ".id": "*1", name: "disk", target: "disk", $default: "true" },
        { ".id": "*2", name: "echo", target: "echo", $default: "true" },
        {
          ".id": "*3",
          name: "remote",
          target: "remote",
          remote: "0.0.0.0",
          "remote-port": "514",
          $default: "true",
        },
      ],
    },
  ];
}
