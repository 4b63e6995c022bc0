import { parseArgs } from "node:util";
import { type ChaosRule, parseChaos } from "./chaos.ts";
import { DEFAULT_VERSIONS, type FleetOptions } from "./fleet.ts";
import type { TlsKind } from "./host.ts";

export const USAGE = `Usage: deno task sim [options]
  --count=24                routers
  --port-base=20000         plain ports from here on, TLS ports behind them (default: any free)
  --address-base=127.77.0.0 one address a router instead, on 8728 and 8729
  --seed=1                  same seed, same fleet
  --versions=7.18.2,6.49.17 RouterOS versions, taken in turn
  --boards=hex,ccr2004      boards, taken in turn (default: the eight places of a site)
  --tls                     api-ssl with a certificate on every router
  --ssh                     an SSH service on every router
  --username=tod --password=…
  --guarded                 each router's own firewall, addresses and services decide who comes in
  --hostile                 some names try to break what shows them
  --chaos[=slow=300:5,…]    faults that wander over the fleet: fault=argument:percent
  --manifest=fleet.json     where to write addresses and credentials
  --json                    one JSON line when ready, and one for each line of stdin
  --stdin-lifeline          stop when stdin closes
Lines on stdin: fault <router> <poweroff|poweron|reboot|slow|hang|…> [arguments] · counts <router> · stop`;

export interface SimOptions {
  readonly fleet: FleetOptions;
  readonly seed: number;
  readonly chaos: readonly ChaosRule[] | undefined;
  readonly manifest: string | undefined;
  readonly isJson: boolean;
  readonly hasLifeline: boolean;
}

/** @throws {RangeError | TypeError} on a flag or a value it does not know */
export function readOptions(args: readonly string[]): SimOptions {
  // `--chaos` may stand alone; the parser wants a value of a string flag.
  const argv = args.map((arg) => arg === "--chaos" ? "--chaos=" : arg);
  const { values } = parseArgs({
    args: argv,
    options: {
      count: { type: "string", default: "24" },
      "port-base": { type: "string", default: "0" },
      "address-base": { type: "string" },
      seed: { type: "string", default: "1" },
      versions: { type: "string" },
      boards: { type: "string" },
      tls: { type: "boolean", default: false },
      ssh: { type: "boolean", default: false },
      username: { type: "string" },
      password: { type: "string" },
      guarded: { type: "boolean", default: false },
      hostile: { type: "boolean", default: false },
      chaos: { type: "string" },
      manifest: { type: "string" },
      json: { type: "boolean", default: false },
      "stdin-lifeline": { type: "boolean", default: false },
    },
  });
  const seed = whole("seed", values.seed, 0, 2 ** 32);
  const tls: TlsKind = values.tls ? "rsa" : "none";
  return {
    seed,
    chaos: values.chaos === undefined ? undefined : parseChaos(values.chaos),
    manifest: values.manifest,
    isJson: values.json,
    hasLifeline: values["stdin-lifeline"],
    fleet: {
      count: whole("count", values.count, 1, 20_000),
      seed,
      portBase: whole("port-base", values["port-base"], 0, 65_535),
      tls,
      ssh: values.ssh,
      versions: values.versions?.split(",") ?? DEFAULT_VERSIONS,
      hasHostileNames: values.hostile,
      guarded: values.guarded,
      ...(values["address-base"] ? { addressBase: values["address-base"] } : {}),
      ...(values.boards ? { boards: values.boards.split(",") } : {}),
      ...(values.username ? { username: values.username } : {}),
      ...(values.password ? { password: values.password } : {}),
    },
  };
}

function whole(flag: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new RangeError(
    `Cannot start as --${flag} must be a whole number from ${low} to ${high}: ` +
      `current value is ${text}`,
  );
}
