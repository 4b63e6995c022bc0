const HOUR_MS = 3_600_000;

/** What people look at all day, by name; each call answers an address of its own. */
export interface Lookup {
  label: string;
  path: () => string;
}

/** @param rawIds devices that have samples as they were measured */
export function lookups(deviceIds: readonly string[], rawIds: readonly string[]): Lookup[] {
  const some = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)]!;
  const number = () => String(1 + Math.floor(Math.random() * deviceIds.length)).padStart(5, "0");
  const span = (hours: number) => {
    const to = Date.now() - Date.now() % HOUR_MS;
    return new URLSearchParams({
      from: new Date(to - hours * HOUR_MS).toISOString(),
      to: new Date(to).toISOString(),
    });
  };
  const chart = (ids: readonly string[], name: string, hours: number) => () =>
    `/api/devices/${some(ids)}/metrics/${name}?${span(hours)}`;
  const list = (sort: string, order: string) => () =>
    `/api/devices?sort=${sort}&order=${order}&limit=50`;
  const site = () => `site:"Site ${Math.floor(Math.random() * 200)}"`;
  const found = (q: string) => encodeURIComponent(q);
  const named: [string, () => string][] = [
    ["overview (page)", () => "/"],
    ["overview of a site (page)", () => `/?q=${found(site())}`],
    // Each with a span of its own: nothing is answered from the last answer.
    ["overview: figures, computed", () => `/api/fleet/summary?q=${found(`-region:r${number()}`)}`],
    [
      "overview: 24 hours, computed",
      () => `/api/fleet/trends?hours=24&q=${found(`-region:r${number()}`)}`,
    ],
    ["overview: 7 days of a site", () => `/api/fleet/trends?hours=168&q=${found(site())}`],
    ["recent trouble", () => "/api/fleet/trouble"],
    ["all tenants (page)", () => "/tenants"],
    ["fleet (page)", () => "/devices"],
    ["fleet by name, 50 (API)", list("name", "asc")],
    ["fleet by CPU, 50 (API)", list("cpu", "desc")],
    ["fleet by last reading, 50 (API)", list("seen", "asc")],
    ["search for a word (page)", () => `/devices?q=${number()}`],
    [
      "search status and version (page)",
      () => `/devices?q=${found("status:offline version:<7.16")}`,
    ],
    ["search a site (page)", () => `/devices?q=${found(site())}`],
    ["fleet with a tag (page)", () => `/devices?q=${found(`tag:tag-${number().slice(-1)}`)}`],
    ["fleet of a chosen group (page)", () => `/devices?q=${found("group:Chosen")}`],
    ["fleet of a group by rule (page)", () => `/devices?q=${found('group:"Old firmware"')}`],
    ["groups (page)", () => "/groups"],
    ["device (page)", () => `/devices/${some(deviceIds)}`],
    ["availability of a device", () => `/api/devices/${some(deviceIds)}/availability`],
    ["interfaces (page)", () => `/devices/${some(deviceIds)}/interfaces`],
    ["sites (page)", () => "/sites"],
    ["events (page)", () => "/events"],
    ["events of a device", () => `/api/events?device=${some(deviceIds)}`],
    ["critical events", () => "/api/events?severity=critical"],
    ["24 hours of CPU, raw", chart(rawIds, "cpu", 24)],
    ["24 hours of traffic of all ports", chart(rawIds, "traffic", 24)],
    ["2 days of CPU, 5 minutes", chart(deviceIds, "cpu", 48)],
    ["2 days of traffic, 5 minutes", chart(deviceIds, "traffic", 48)],
    ["30 days of CPU, 1 hour", chart(deviceIds, "cpu", 720)],
    ["30 days of traffic, 1 hour", chart(deviceIds, "traffic", 720)],
    [
      "12 routers compared over 30 days",
      () => {
        const ids = Array.from({ length: 12 }, () => some(deviceIds)).join(",");
        return `/api/metrics/compare?chart=cpu&ids=${ids}&${span(720)}`;
      },
    ],
    [
      "sparklines of 50 devices, 1 day",
      () => {
        const ids = Array.from({ length: 50 }, () => some(deviceIds)).join(",");
        return `/api/fleet/sparklines?metric=cpu&hours=24&points=48&ids=${ids}`;
      },
    ],
  ];
  return named.map(([label, path]) => ({ label, path }));
}
