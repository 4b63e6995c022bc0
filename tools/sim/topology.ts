/** One end of a cable, and who is on the other. Indexes are those of the fleet. */
export interface Cable {
  readonly local: string;
  readonly peer: number;
  readonly remote: string;
}

/** The eight places of a site, in order; a fleet is a chain of sites. */
export const SITE: readonly { board: string; role: string }[] = [
  { board: "ccr2004", role: "core" },
  { board: "crs328", role: "switch" },
  { board: "cap-ax", role: "ap" },
  { board: "hap-ax3", role: "office" },
  { board: "hap-ac2", role: "shop" },
  { board: "hex", role: "branch" },
  { board: "rb4011", role: "edge" },
  { board: "chr", role: "hub" },
];

/** Cables inside a site: [place, interface, place, interface]. */
const WIRING = [
  [0, "sfp-sfpplus3", 1, "sfp-sfpplus1"],
  [0, "sfp-sfpplus4", 6, "sfp-sfpplus1"],
  [1, "ether1", 2, "ether1"],
  [1, "ether2", 3, "ether1"],
  [1, "ether3", 4, "ether1"],
  [1, "ether4", 5, "ether1"],
  [6, "ether2", 7, "ether1"],
] as const;

/** The cables of router `index` in a fleet of `count`: a star in each site, cores in a chain. */
export function cablesOf(index: number, count: number): Cable[] {
  const place = index % SITE.length;
  const first = index - place;
  const cables: Cable[] = [];
  for (const [a, local, b, remote] of WIRING) {
    if (a === place) cables.push({ local, peer: first + b, remote });
    if (b === place) cables.push({ local: remote, peer: first + a, remote: local });
  }
  if (place === 0) {
    const [before, after] = [index - SITE.length, index + SITE.length];
    cables.push({ local: "sfp-sfpplus1", peer: before, remote: "sfp-sfpplus2" });
    cables.push({ local: "sfp-sfpplus2", peer: after, remote: "sfp-sfpplus1" });
  }
  return cables.filter(({ peer }) => peer >= 0 && peer < count);
}
