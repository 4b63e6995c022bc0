import { type ConfigItem, isOn, isSame } from "../config_model.ts";
import { certain, type Check, type Obstacle, possible, type Situation } from "./management.ts";
import { bestWay } from "./routes.ts";

/** Menus that nothing here understands, but that can cut a router off. */
const OPAQUE: readonly [menu: RegExp, what: string][] = [
  [/^\/interface\/ethernet\/switch/, "Settings of the switch chip"],
  [/^\/ip\/ipsec\/(policy|peer|identity|proposal|profile|mode-config)/, "IPsec"],
  [/^\/ip\/hotspot(\/|$)/, "The hotspot"],
  [/^\/routing\/(rule|table|filter)/, "Routing rules and filters"],
  [/^\/ip\/(vrf|route\/rule)/, "Routing tables"],
  [/^\/(interface\/)?(dot1x|macsec)/, "Access control of ports"],
];

/** Settings of the whole router, and menus that cannot be judged. */
export const others: Check = {
  watches: () => true,
  look(situation) {
    return [...settings(situation), ...opaque(situation), ...dynamicRouting(situation)];
  },
};

function settings({ model, base, us }: Situation): Obstacle[] {
  const found: Obstacle[] = [];
  const differs = (menu: string, name: string) =>
    !isSame(model.items(menu)[0]?.[name], base.items(menu)[0]?.[name]);
  const ip = model.items("/ip/settings")[0];
  if (differs("/ip/settings", "rp-filter") && ip?.["rp-filter"] === "strict") {
    const reason =
      "Strict reverse path filtering drops us if the way back is another than the way in.";
    found.push(possible("settings:rp-filter", reason));
  }
  if (us.address.includes(":") && differs("/ipv6/settings", "disable-ipv6")) {
    if (isOn(model.items("/ipv6/settings")[0], "disable-ipv6")) {
      found.push(certain("settings:ipv6", "IPv6, by which we come, is switched off."));
    }
  }
  return found;
}

function opaque({ model, base }: Situation): Obstacle[] {
  return model.menus().flatMap((menu): Obstacle[] => {
    const known = OPAQUE.find(([pattern]) => pattern.test(menu));
    if (!known || isEqual(model.items(menu), base.items(menu))) return [];
    return [
      possible(`menu:${menu}`, `${known[1]} (${menu}) can cut us off in ways we cannot see.`),
    ];
  });
}

/** Our way back was learnt by a routing protocol, and its settings change. */
function dynamicRouting({ model, base, us }: Situation): Obstacle[] {
  const changed = model.menus().filter((menu) =>
    /^\/routing\/(ospf|bgp|rip|isis)/.test(menu) && !isEqual(model.items(menu), base.items(menu))
  );
  if (changed.length === 0) return [];
  const isLearnt = us.sources.some((source) => {
    const way = bestWay(base, source);
    return base.items("/ip/route").some((route) =>
      way?.key === `by:${route["gateway"]}` && isOn(route, "dynamic") && !isOn(route, "dhcp")
    );
  });
  if (!isLearnt) return [];
  return changed.map((menu) =>
    possible(
      `routing:${menu}`,
      `Our way back is learnt by a routing protocol, and ${menu} changes.`,
    )
  );
}

function isEqual(a: readonly ConfigItem[], b: readonly ConfigItem[]): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
