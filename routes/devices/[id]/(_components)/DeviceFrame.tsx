import type { ComponentChildren } from "preact";
import type { Device } from "@/core/contract/device.ts";
import DeviceHead from "@/islands/DeviceHead.tsx";
import PushBanner from "@/islands/pushes/PushBanner.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Tags } from "@/components/Tags.tsx";

const TABS = [
  ["Overview", ""],
  ["Charts", "/charts"],
  ["Interfaces", "/interfaces"],
  ["Wireless", "/wireless"],
  ["Clients", "/clients"],
  ["Network", "/network"],
  ["Hardware", "/hardware"],
  ["Config", "/config"],
  ["Changes", "/changes"],
  ["Editor", "/editor"],
  ["Compliance", "/compliance"],
  ["Events", "/events"],
  ["Logs", "/logs"],
  ["Tools", "/tools"],
] as const;

/** What stands around every tab of a device: name, status, figures, tabs. */
export function DeviceFrame({ device, mayEdit, tab, renderedAt, isCompact = false, children }: {
  device: Device;
  mayEdit: boolean;
  tab: typeof TABS[number][0];
  renderedAt: number;
  /** Without the live figures: for pages that need the room. */
  isCompact?: boolean;
  children: ComponentChildren;
}) {
  const facts = [
    device.boardName ?? device.model,
    device.version && `RouterOS ${device.version}`,
    device.site && [device.site, device.sector].filter(Boolean).join(", "),
  ].filter(Boolean);
  return (
    <>
      <PageHeader
        title={device.name}
        actions={mayEdit && <a class="btn" href={`/devices/${device.id}/edit`}>Edit</a>}
      >
        <span class="mono">{device.address}:{device.port}</span>
        {facts.length > 0 && <span class="break">{` · ${facts.join(" · ")}`}</span>}
      </PageHeader>
      {device.tags.length > 0 && (
        <div class="-mt-2 mb-4">
          <Tags tags={device.tags} />
        </div>
      )}
      {device.retiredAt && (
        <div class="mb-4 flex flex-wrap items-center gap-3 rounded-panel border border-line bg-off-soft px-4 py-3">
          <p class="flex-1">
            Retired on{" "}
            <time dateTime={device.retiredAt}>{device.retiredAt.slice(0, 10)}</time>: it is neither
            polled nor counted. What was measured until then stays.
          </p>
          {mayEdit && (
            <form method="post" action={`/devices/${device.id}/edit?restore`}>
              <button type="submit" class="btn">Restore</button>
            </form>
          )}
        </div>
      )}
      <PushBanner deviceId={device.id} renderedAt={renderedAt} />
      {!isCompact && <DeviceHead device={device} renderedAt={renderedAt} />}
      <nav class="mb-4 flex gap-5 overflow-x-auto border-b border-line" aria-label="Device">
        {TABS.map(([name, path]) => (
          <a
            key={name}
            class="tab"
            href={`/devices/${device.id}${path}`}
            aria-current={name === tab ? "page" : undefined}
          >
            {name}
          </a>
        ))}
      </nav>
      {children}
    </>
  );
}
