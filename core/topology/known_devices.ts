import type { NeighborReading } from "@/core/contract/sample.ts";
import { portKind } from "./port_kind.ts";
import type { FleetDevice, Port } from "./sighting.ts";

/** Names that routers have from the factory: they tell nobody apart. */
const FACTORY_NAMES: ReadonlySet<string> = new Set(["", "MikroTik", "RouterOS", "CHR"]);

/** More devices with one MAC than this, and the MAC says nothing (clones of a virtual machine). */
const MAX_SAME_MAC = 8;

/** A MAC as it is compared; `undefined`: none, or one that means nobody. */
export function macKey(text: string | null | undefined): string | undefined {
  const mac = text?.toUpperCase().replaceAll("-", ":");
  if (!mac || !/^[0-9A-F]{2}(:[0-9A-F]{2}){5}$/.test(mac)) return undefined;
  const isNobody = mac === "00:00:00:00:00:00" || mac === "FF:FF:FF:FF:FF:FF" ||
    mac.startsWith("00:00:5E:00:0"); // VRRP: whoever is master
  return isNobody ? undefined : mac;
}

export function isTellingName(identity: string | null): identity is string {
  return identity !== null && !FACTORY_NAMES.has(identity);
}

/** The managed devices, found as neighbours describe them. */
export class KnownDevices {
  readonly #devices = new Map<string, FleetDevice>();
  readonly #ports = new Map<string, Map<string, Port>>();
  readonly #macs = new Map<string, Set<string>>();
  readonly #byMac = new Map<string, string[]>();
  readonly #byAddress = new Map<string, string | null>();
  readonly #byIdentity = new Map<string, string | null>();

  add(device: FleetDevice): void {
    const { id, address, identity, ports } = device;
    this.#devices.set(id, device);
    this.#ports.set(id, new Map(ports.map((port) => [port.name, port])));
    const macs = new Set(ports.flatMap(({ mac }) => macKey(mac) ?? []));
    this.#macs.set(id, macs);
    for (const mac of macs) {
      const owners = this.#byMac.get(mac);
      if (owners) owners.push(id);
      else this.#byMac.set(mac, [id]);
    }
    // Of two with the same name or address neither is meant by it.
    const key = address.toLowerCase();
    this.#byAddress.set(key, this.#byAddress.has(key) ? null : id);
    if (isTellingName(identity)) {
      this.#byIdentity.set(identity, this.#byIdentity.has(identity) ? null : id);
    }
  }

  get(id: string): FleetDevice | undefined {
    return this.#devices.get(id);
  }

  port(id: string, name: string): Port | undefined {
    return this.#ports.get(id)?.get(name);
  }

  /**
   * The managed device a neighbour is. Its MAC decides where one device has it. Else an address or a
   * name that only one device has is enough, unless that device's MACs are known and this is none of
   * them: then both must say the same (a replaced board, a private address used at every site).
   */
  resolve(neighbor: NeighborReading): string | undefined {
    const mac = macKey(neighbor.macAddress);
    const owners = mac ? this.#byMac.get(mac) : undefined;
    if (owners?.length === 1) return owners[0];
    const byAddress = this.#byAddress.get(neighbor.address?.toLowerCase() ?? "") ?? undefined;
    const byIdentity = isTellingName(neighbor.identity)
      ? this.#byIdentity.get(neighbor.identity) ?? undefined
      : undefined;
    if (owners && owners.length <= MAX_SAME_MAC) {
      const one = [byAddress, byIdentity].find((id) => id !== undefined && owners.includes(id));
      if (one) return one;
    }
    if (byAddress !== undefined && byAddress === byIdentity) return byAddress;
    const isContradicted = (id: string) =>
      mac !== undefined && this.#macs.get(id)!.size > 0 &&
      !this.#macs.get(id)!.has(mac);
    return [byAddress, byIdentity].find((id) => id !== undefined && !isContradicted(id));
  }

  /** The port of a managed device that a neighbour's packet came from; `null`: it cannot be told. */
  remotePort(id: string, { remoteInterface, macAddress }: NeighborReading): string | null {
    const ports = this.#ports.get(id)!;
    if (remoteInterface) {
      // RouterOS 7 says "bridge/ether3".
      for (const name of [remoteInterface, remoteInterface.split("/").at(-1)!]) {
        if (ports.has(name)) return name;
      }
      if (ports.size === 0) return remoteInterface;
    }
    const mac = macKey(macAddress);
    const same = mac ? [...ports.values()].filter((port) => macKey(port.mac) === mac) : [];
    // A bridge and its VLANs share the MAC of a port.
    const physical = same.filter(({ type }) => portKind(type) !== "virtual");
    return physical.length === 1 ? physical[0]!.name : null;
  }
}
