import type { Device } from "@/core/contract/device.ts";
import { ago, bps, celsius, count, duration, utc } from "@/core/contract/format.ts";
import { Meter } from "./Meter.tsx";
import { Score } from "./Score.tsx";
import { shownStatus, Status } from "./Status.tsx";
import { Tags } from "./Tags.tsx";

/** One row of the fleet table. `now` in milliseconds, for the age of stale data. */
export function DeviceRow({ device, now }: { device: Device; now: number }) {
  const status = shownStatus(device);
  const isOld = device.status !== "online" && device.sampledAt !== null;
  return (
    <tr data-device={device.id} class={isOld ? "text-text-2" : undefined}>
      <td>
        <Status status={status} />
        {isOld && (
          <div class="text-xs text-text-3" title={utc(device.sampledAt!)}>
            seen {ago(device.sampledAt, now)}
          </div>
        )}
      </td>
      <td class="min-w-32 sm:min-w-44">
        <a class="line-clamp-3 font-medium hover:underline" href={`/devices/${device.id}`}>
          <bdi>{device.name}</bdi>
        </a>
        <div class="mono text-text-3">{endpoint(device)}</div>
        {device.tags.length > 0 && <Tags tags={device.tags} most={3} />}
      </td>
      <td class="hidden lg:table-cell">
        <bdi>{device.site ?? ""}</bdi>
      </td>
      <td class="hidden md:table-cell">
        <bdi class="line-clamp-3">{device.boardName ?? device.model ?? ""}</bdi>
      </td>
      <td class="hidden whitespace-nowrap sm:table-cell">{device.version ?? ""}</td>
      <td>
        <Meter value={device.cpuPercent} />
      </td>
      <td class="hidden md:table-cell">
        <Meter value={device.memoryPercent} />
      </td>
      <td class="num hidden xl:table-cell">{celsius(device.temperatureC)}</td>
      <td class="num hidden sm:table-cell">{bps(device.rxBps)}</td>
      <td class="num hidden sm:table-cell">{bps(device.txBps)}</td>
      <td class="num hidden lg:table-cell">{count(device.wirelessClients)}</td>
      <td class="num hidden xl:table-cell">{duration(device.uptimeSeconds)}</td>
      <td class="num">
        <Score score={device.healthScore} reasons={device.healthReasons} />
      </td>
    </tr>
  );
}

/** The port only where it is not the usual one. */
function endpoint({ address, port }: Device): string {
  return port === 8728 || port === 8729 ? address : `${address}:${port}`;
}
