import dgram from "node:dgram";
import type { Row } from "./live.ts";
import type { RouterChange, SimRouter } from "./router.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const SEVERITIES: [topic: string, number: number][] = [
  ...[["critical", 2], ["error", 3], ["warning", 4], ["info", 6]] as [string, number][],
];
const DAEMON = 3;

/** Sends a router's log over UDP, as its rules with a remote action say, from its own address. */
export class RemoteLog implements AsyncDisposable {
  #socket: dgram.Socket | undefined;
  /** Sends under way. */
  #open = 0;
  #idle = () => {};
  readonly #listener = (change: RouterChange) => {
    if (change.path === "/log" && change.kind === "changed") this.#send(change.row);
  };

  constructor(readonly router: SimRouter, readonly address: string) {
    router.listeners.add(this.#listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.router.listeners.delete(this.#listener);
    if (this.#open > 0) await new Promise<void>((resolve) => this.#idle = resolve);
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) await new Promise<void>((resolve) => socket.close(() => resolve()));
  }

  #send(line: Row): void {
    const topics = String(line["topics"]).split(",");
    const actions = this.router.rows("/system/logging/action");
    for (const rule of this.router.rows("/system/logging")) {
      if (rule["disabled"] === "true" || !applies(String(rule["topics"] ?? ""), topics)) continue;
      const action = actions.find(({ name }) => name === rule["action"]);
      if (action?.["target"] !== "remote" || action["remote"] === "0.0.0.0") continue;
      const text = this.#format(line, topics, String(rule["prefix"] ?? ""), action);
      this.#post(text, String(action["remote"]), Number(action["remote-port"] ?? 514));
    }
  }

  #format(line: Row, topics: string[], prefix: string, action: Row): string {
    const body = `${topics.join(",")} ${prefix && `${prefix}: `}${line["message"]}`;
    // A switch of its own before 7.18, one of several formats since.
    const isSyslog = action["bsd-syslog"] === "true" || action["remote-log-format"] === "syslog" ||
      action["remote-log-format"] === "bsd-syslog";
    if (!isSyslog) return body;
    const now = new Date(this.router.now());
    const time = now.toISOString().slice(11, 19);
    const day = String(now.getUTCDate()).padStart(2, " ");
    const severity = SEVERITIES.find(([topic]) => topics.includes(topic))?.[1] ?? 5;
    const stamp = action["syslog-time-format"] === "iso8601"
      ? `${now.toISOString().slice(0, 19)}+00:00`
      : `${MONTHS[now.getUTCMonth()]} ${day} ${time}`;
    return `<${DAEMON * 8 + severity}>${stamp} ${this.router.identity} ${body}`;
  }

  #post(text: string, host: string, port: number): void {
    const type = this.address.includes(":") ? "udp6" : "udp4";
    if (!this.#socket) {
      this.#socket = dgram.createSocket(type);
      this.#socket.on("error", () => {}); // nobody there: syslog is sent and forgotten
      this.#socket.bind(0, this.address);
    }
    this.#open += 1;
    this.#socket.send(Buffer.from(text, "latin1"), port, host, () => {
      this.#open -= 1;
      if (this.#open === 0) this.#idle();
    });
  }
}

/** A rule's topics: all of them, and none of those with an exclamation mark. */
function applies(rule: string, topics: string[]): boolean {
  return rule.split(",").filter(Boolean).every((topic) =>
    topic.startsWith("!") ? !topics.includes(topic.slice(1)) : topics.includes(topic)
  );
}
