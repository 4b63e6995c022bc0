/** What a column of an inventory can say about a router. */
export const IMPORT_FIELDS = [
  ...["address", "port", "name", "site", "username", "password", "tlsMode", "tlsCa"] as const,
  ...["region", "pollIntervalSeconds", "os", "profile", "tags"] as const,
];
export type ImportField = typeof IMPORT_FIELDS[number];

/**
 * How others head their columns, compared without case, spaces and signs: our own export, The Dude
 * ("Name", "Addresses"), LibreNMS ("hostname", "sysName", "os"), and what spreadsheets say.
 */
const NAMES: Record<ImportField, readonly string[]> = {
  address: ["address", "addresses", "ip", "ipaddress", "host", "hostname", "dnsname", "target"],
  port: ["port", "apiport"],
  name: ["name", "identity", "sysname", "display", "label", "device", "devicename", "router"],
  site: ["site", "location", "map", "place", "customer"],
  username: ["username", "user", "login"],
  password: ["password", "pass", "secret"],
  profile: ["profile", "credentialprofile", "credentials", "credential"],
  tlsMode: ["tlsmode", "security", "tls"],
  tlsCa: ["tlsca", "ca"],
  region: ["region", "poller", "agent"],
  pollIntervalSeconds: ["pollintervalseconds", "pollinterval", "interval"],
  tags: ["tags", "tag", "labels"],
  os: ["os", "model", "type", "ostype", "platform"],
};
const BY_NAME = new Map(
  Object.entries(NAMES).flatMap(([field, names]) =>
    names.map((name) => [name, field as ImportField] as const)
  ),
);

/** Which column holds what; of two for the same thing, the one that stands first in our list of names. */
export function mapColumns(head: readonly string[]): (ImportField | null)[] {
  const found = head.map((name) => BY_NAME.get(plain(name)) ?? null);
  return found.map((field, index) => {
    if (field === null) return null;
    const rank = (at: number) => NAMES[field].indexOf(plain(head[at]!));
    const isBest = found.every((other, at) =>
      other !== field || at === index || rank(index) < rank(at) ||
      (rank(index) === rank(at) && index < at)
    );
    return isBest ? field : null;
  });
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
