import { ConfigCauseLine } from "@/components/ConfigCauseLine.tsx";
import { ConfigChanges, TextDiff } from "@/components/ConfigDiff.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import type { ConfigVersion, ListedVersion } from "@/core/contract/configs.ts";
import { bytes, utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import BackUpNow from "@/islands/configs/BackUpNow.tsx";
import ConfigViewer from "@/islands/configs/ConfigViewer.tsx";
import PinVersion from "@/islands/configs/PinVersion.tsx";
import { page } from "@/web/define.ts";
import { data } from "../../../api_data.ts";
import { define } from "../../../define.ts";
import { may } from "../../../permit.ts";
import { readDevice } from "../../read_device.ts";
import { DeviceFrame } from "../(_components)/DeviceFrame.tsx";

export const handler = define.handlers({
  async GET({ params, url, state: { api, me } }) {
    const id = params["id"]!;
    const configs = api.devices[":id"].configs;
    const [device, { items: versions }] = await Promise.all([
      readDevice(api, id),
      data(configs.$get({ param: { id } })),
    ]);
    const known = (name: string) => {
      const wanted = url.searchParams.get(name);
      return versions.find((version) => version.id === wanted);
    };
    const [from, to, one] = [known("from"), known("to"), known("version")];
    const compared = from && to && from.id !== to.id
      ? await data(configs.compare.$get({ param: { id }, query: { from: from.id, to: to.id } }))
      : undefined;
    const text = one
      ? await data(configs[":version"].$get({ param: { id, version: one.id } }))
      : undefined;
    return page({
      ...{ device, versions, compared, text, renderedAt: Date.now() },
      mayEdit: may(me, "devices:write"),
      mayBackUp: may(me, "configs:write"),
      mayReveal: may(me, "configs:reveal"),
      mayPush: may(me, "configs:push"),
    });
  },
});

export const title = ({ device }: { device: { name: string } }) =>
  `Configuration of ${device.name}`;

export default define.page<typeof handler>(({ data }) => {
  const { device, versions, compared, text, mayEdit, mayBackUp, mayReveal, mayPush, renderedAt } =
    data;
  return (
    <DeviceFrame mayEdit={mayEdit} device={device} tab="Config" renderedAt={renderedAt}>
      <div class="mb-4 flex flex-wrap items-center gap-3">
        {mayBackUp && <BackUpNow deviceId={device.id} mayTrust={mayEdit} />}
        {versions.length > 0 && <a class="btn" href="config/blame">Who changed what</a>}
        <a class="btn" href="config/full">Full backups</a>
      </div>
      {versions.length === 0
        ? (
          <EmptyState title="No backup yet">
            The configuration is read over SSH, nightly and after changes. The user needs the
            policies ssh, read and sensitive.
          </EmptyState>
        )
        : compared
        ? (
          <>
            <p class="mb-3 text-text-2">
              <When at={compared.from.takenAt} /> → <When at={compared.to.takenAt} /> ·{" "}
              <a class="text-accent underline" href="?">All versions</a>
            </p>
            <h2 class="mb-2 text-lg">Items</h2>
            <ConfigChanges changes={compared.changes} />
            <h2 class="mt-6 mb-2 text-lg">Lines</h2>
            <ScrollArea label="Lines that differ">
              <TextDiff lines={compared.lines} />
            </ScrollArea>
          </>
        )
        : text
        ? (
          <>
            <p class="mb-3 text-text-2">
              <When at={text.version.takenAt} />
              {text.version.routerosVersion && ` · RouterOS ${text.version.routerosVersion}`} ·{" "}
              <a
                class="text-accent underline"
                href={`config/blame?version=${text.version.id}`}
              >
                Who changed what
              </a>{" "}
              · <a class="text-accent underline" href="?">All versions</a>
            </p>
            {mayBackUp && <PinVersion deviceId={device.id} initial={text.version} />}
            <Partial version={text.version} />
            {mayPush && text.version.failedMenus.length === 0 && (
              <p class="mb-3">
                <a class="btn" href={`restore?version=${text.version.id}`}>Restore…</a>
              </p>
            )}
            <ConfigViewer deviceId={device.id} initial={text} mayReveal={mayReveal} />
          </>
        )
        : <Versions versions={versions} />}
    </DeviceFrame>
  );
});

function Versions({ versions }: { versions: readonly ListedVersion[] }) {
  return (
    <form method="get">
      <ScrollArea label="Versions">
        <table class="table">
          <thead>
            <tr>
              {versions.length > 1 && (
                <>
                  <th scope="col" class="hidden sm:table-cell">From</th>
                  <th scope="col" class="hidden sm:table-cell">To</th>
                </>
              )}
              <th scope="col">Read</th>
              <th scope="col">Changes</th>
              <th scope="col">Brought by</th>
              <th scope="col" class="hidden lg:table-cell">Read because</th>
              <th scope="col" class="num hidden lg:table-cell">Size</th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version, at) => (
              <tr key={version.id}>
                {versions.length > 1 && (
                  <>
                    <td class="hidden sm:table-cell">
                      <Choice name="from" version={version} isChosen={at === 1} />
                    </td>
                    <td class="hidden sm:table-cell">
                      <Choice name="to" version={version} isChosen={at === 0} />
                    </td>
                  </>
                )}
                <td class="min-w-28">
                  <a class="font-medium hover:underline" href={`?version=${version.id}`}>
                    <When at={version.takenAt} />
                  </a>
                  {version.label !== null && (
                    <div class="break line-clamp-2 max-w-60">
                      <bdi>{version.label}</bdi>
                    </div>
                  )}
                  {(version.pinnedAt ?? version.restoredAt) && (
                    <div class="text-xs text-info">
                      {version.pinnedAt ? "Kept for ever" : "Restored from"}
                    </div>
                  )}
                  <div class="text-xs text-text-3">
                    {version.seenAt === version.takenAt ? "read once" : (
                      <>
                        the same until <When at={version.seenAt} />
                      </>
                    )}
                  </div>
                </td>
                <td class="min-w-24">
                  {version.failedMenus.length > 0
                    ? <span class="text-warn">Partial</span>
                    : <Counts version={version} isFirst={at === versions.length - 1} />}
                  {at < versions.length - 1 && (
                    <a
                      class="ml-2 whitespace-nowrap text-accent underline"
                      href={`?from=${versions[at + 1]!.id}&to=${version.id}`}
                    >
                      Compare
                    </a>
                  )}
                </td>
                <td class="max-w-80 min-w-40 text-sm">
                  <ConfigCauseLine cause={version.cause} />
                </td>
                <td class="hidden lg:table-cell">
                  {WHY[version.trigger]}
                  {version.actorName && <bdi class="text-text-2">, {version.actorName}</bdi>}
                </td>
                <td class="num hidden lg:table-cell">{bytes(version.textBytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      {versions.length > 1 && (
        <button type="submit" class="btn mt-3 max-sm:hidden">Compare chosen</button>
      )}
    </form>
  );
}

const WHY = {
  manual: "Somebody asked",
  scheduled: "Nightly",
  change: "After a change",
  operation: "Around an operation",
} as const;

function Choice({ name, version, isChosen }: {
  name: "from" | "to";
  version: ConfigVersion;
  isChosen: boolean;
}) {
  return (
    <input
      type="radio"
      name={name}
      value={version.id}
      checked={isChosen}
      aria-label={`Compare ${name} ${utc(version.takenAt)}`}
    />
  );
}

function Counts({ version, isFirst }: { version: ConfigVersion; isFirst: boolean }) {
  const { added, removed, changed } = version;
  if (added === null) return <span class="text-text-3">{isFirst ? "First" : "Whole again"}</span>;
  const parts = [
    added > 0 && <span key="a" class="text-ok">+{added}</span>,
    removed ? <span key="r" class="text-bad">−{removed}</span> : false,
    changed ? <span key="c" class="text-info">~{changed}</span> : false,
  ].filter(Boolean);
  const words = `${added} added, ${removed} removed, ${changed} changed`;
  return <span class="inline-flex gap-2" title={words} aria-label={words} role="img">{parts}</span>;
}

function Partial({ version }: { version: ConfigVersion }) {
  if (version.failedMenus.length === 0) return null;
  return (
    <p class="mb-3 rounded-panel border border-warn bg-warn-soft px-4 py-3">
      The router could not export {version.failedMenus.join(", ")}: this is no whole configuration.
    </p>
  );
}

function When({ at }: { at: string }) {
  return <time dateTime={at} title={utc(at)}>{local(at)}</time>;
}
