import { type ConfigItem, type ConfigModel, isOn } from "../config_model.ts";
import {
  certain,
  type Check,
  type Management,
  type Obstacle,
  possible,
  type Situation,
} from "./management.ts";
import { type Fit, matchRule, type Packet } from "./match_rule.ts";
import { ourService } from "./services.ts";
import { addressOf, localAddresses } from "./way_in.ts";

const MENUS = /^\/(ip|ipv6)\/firewall\/|^\/interface\/list|^\/interface$/;

/** Whether the firewall still lets us in, and our running connection go on. One for each prediction. */
export function firewall(): Check {
  const memory = new Memory();
  return {
    watches: (menu) => MENUS.test(menu),
    look(situation) {
      const sources = situation.us.sources.length > 0 ? situation.us.sources : [null];
      const found = sources.map((source) => lookAt(situation, source, memory));
      const isEach = found.every((list) => list.some(({ severity }) => severity === "certain"));
      const all = found.flat();
      if (found.length === 1 || isEach) return all;
      return all.map((one) => ({ ...one, severity: "possible" as const }));
    },
  };
}

type Ways = Record<Packet["state"], [into: Packet, out: Packet]>;

/** What holds from command to command: most rules stay as they are, and so do our packets. */
class Memory {
  readonly #ways = new Map<string | null, Ways>();
  readonly #chains = new WeakMap<readonly ConfigItem[], Map<string, ConfigItem[]>>();
  readonly #fits = new WeakMap<Packet, WeakMap<ConfigItem, Fit>>();

  ways({ base, us }: Situation, source: string | null): Ways {
    let ways = this.#ways.get(source);
    if (!ways) {
      const of = (state: Packet["state"]) => packets(base, us, source, state);
      this.#ways.set(source, ways = { new: of("new"), established: of("established") });
    }
    return ways;
  }

  /** Rules that work, by chain. */
  chains(model: ConfigModel, menu: string): Map<string, ConfigItem[]> {
    const items = model.items(menu);
    let chains = this.#chains.get(items);
    if (!chains) {
      const live = items.filter((rule) => !isOn(rule, "disabled") && !isOn(rule, "invalid"));
      chains = Map.groupBy(live, (rule) => rule["chain"] ?? "");
      this.#chains.set(items, chains);
    }
    return chains;
  }

  fit(model: ConfigModel, rule: ConfigItem, packet: Packet): Fit {
    // What refers to a list may fit otherwise though the rule is the same.
    if (Object.keys(rule).some((name) => name.endsWith("-list"))) {
      return matchRule(model, rule, packet);
    }
    let known = this.#fits.get(packet);
    if (!known) this.#fits.set(packet, known = new WeakMap());
    const old = known.get(rule);
    if (old !== undefined) return old;
    const fit = matchRule(model, rule, packet);
    known.set(rule, fit);
    return fit;
  }
}

function lookAt(situation: Situation, source: string | null, memory: Memory): Obstacle[] {
  const { model, us } = situation;
  const isSix = (source ?? us.address).includes(":");
  const root = isSix ? "/ipv6/firewall" : "/ip/firewall";
  const ways = memory.ways(situation, source);
  const look = (table: string, chain: string, what: What, packet: Packet) =>
    stopsIn(model, memory, { menu: `${root}/${table}`, chain, what, packet });
  const stops = (["new", "established"] as const).flatMap((state) => [
    ...look("raw", "prerouting", state, ways[state][0]),
    ...look("filter", "input", state, ways[state][0]),
  ]);
  const answer = ways.established[1];
  stops.push(...look("raw", "output", "answers", answer));
  stops.push(...look("filter", "output", "answers", answer));
  const found = [
    ...toObstacles(stops),
    ...redirected(model, memory, `${root}/nat`, ways.new[0]),
  ];
  const tracking = "/ip/firewall/connection/tracking";
  if (!isSix && model.items(tracking)[0]?.["enabled"] === "no") {
    const reason = "Connection tracking is switched off: rules that know connections fit no more.";
    found.push(possible("firewall:tracking", reason));
  }
  return found;
}

/** Ours to the router, and its answer. */
function packets(
  base: ConfigModel,
  us: Management,
  source: string | null,
  state: Packet["state"],
): [into: Packet, out: Packet] {
  const local = localAddresses(base, us);
  const one = local.length === 1 ? local[0]!.item : undefined;
  const through = one?.["interface"] ?? null;
  const port = Number(ourService(base, us)?.["port"] ?? us.port);
  const into: Packet = {
    ...{ source, destination: one ? addressOf(one) : null, sourcePort: null },
    ...{ destinationPort: port, state, inInterface: through, outInterface: null },
    isToRouter: true,
  };
  return [into, {
    ...{ source: into.destination, destination: source, sourcePort: port, destinationPort: null },
    // The router answers what it let in, whatever it thinks of the first packet.
    ...{ state: "established", inInterface: null, outInterface: null, isToRouter: false },
  }];
}

const STOPS = new Set(["drop", "reject", "tarpit"]);
const LETS = new Set(["accept", "fasttrack-connection", "notrack"]);

type End = "stopped" | "let" | "returned";
type What = Packet["state"] | "answers";

/** A rule that stops something of ours. */
interface Stop {
  readonly rule: ConfigItem;
  readonly menu: string;
  readonly what: What;
  readonly isSure: boolean;
}

/** Rules of a chain that stop the packet, up to the first that does so for certain. */
function stopsIn(
  model: ConfigModel,
  memory: Memory,
  { menu, chain, what, packet }: { menu: string; chain: string; what: What; packet: Packet },
): Stop[] {
  const found: Stop[] = [];
  const live = memory.chains(model, menu);
  /** `certainly`: whether the packet comes here for certain. */
  const walk = (name: string, certainly: boolean, depth: number): End => {
    if (depth > 10) return "returned";
    for (const rule of live.get(name) ?? []) {
      const fit = memory.fit(model, rule, packet);
      if (fit === "no") continue;
      const isSure = certainly && fit === "yes";
      const action = rule["action"] ?? "accept";
      if (STOPS.has(action)) {
        found.push({ rule, menu, what, isSure });
        if (fit === "yes") return "stopped";
      } else if (LETS.has(action)) {
        if (fit === "yes") return "let";
      } else if (action === "return") {
        if (fit === "yes") return "returned";
      } else if (action === "jump") {
        const end = walk(rule["jump-target"] ?? "", isSure, depth + 1);
        if (fit === "yes" && end !== "returned") return end;
      }
    }
    return "returned";
  };
  walk(chain, true, 0);
  return found;
}

const WHAT: Readonly<Record<What, string>> = {
  new: "new connections of ours",
  established: "our running connection",
  answers: "the answers to us",
};

/** A rule once, with all that it stops. */
function toObstacles(stops: readonly Stop[]): Obstacle[] {
  const byRule = Map.groupBy(stops, ({ rule, menu, isSure }) => `${menu}:${rule[".id"]}:${isSure}`);
  return [...byRule].map(([place, same]) => {
    const { rule, menu, isSure } = same[0]!;
    const what = [...new Set(same.map((stop) => stop.what))];
    const said = `${called(rule)} in ${menu} ${isSure ? "stops" : "may stop"} ${
      what.map((one) => WHAT[one]).join(" and ")
    }.`;
    const key = `${place}:${what.join()}`;
    return isSure ? certain(key, said) : possible(key, said);
  });
}

/** A rule that sends our connections elsewhere. */
function redirected(
  model: ConfigModel,
  memory: Memory,
  menu: string,
  packet: Packet,
): Obstacle[] {
  const found: Obstacle[] = [];
  for (const rule of memory.chains(model, menu).get("dstnat") ?? []) {
    const action = rule["action"] ?? "accept";
    if (!["dst-nat", "redirect", "netmap", "accept"].includes(action)) continue;
    const fit = memory.fit(model, rule, packet);
    if (fit === "no") continue;
    if (action === "accept") {
      if (fit === "yes") return found;
      continue;
    }
    const target = rule["to-addresses"] || rule["to-ports"] || "elsewhere";
    const verb = fit === "yes" ? "sends" : "may send";
    const reason = `${called(rule)} in ${menu} ${verb} new connections of ours to ${target}.`;
    const key = `${menu}:${rule[".id"]}`;
    found.push(fit === "yes" ? certain(key, reason) : possible(key, reason));
    if (fit === "yes") return found;
  }
  return found;
}

function called(rule: ConfigItem): string {
  const comment = rule["comment"]?.trim().slice(0, 60);
  return `The ${rule["action"] ?? "accept"} rule${comment ? ` “${comment}”` : ""}`;
}
