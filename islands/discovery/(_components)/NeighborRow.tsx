import { ago } from "@/core/contract/format.ts";
import type { SeenRouter } from "@/core/contract/discovery.ts";

const SEERS_SHOWN = 3;

/** One router that the fleet sees. */
export function NeighborRow(
  { router, ignored, mayAdopt, isChosen, isBusy, renderedAt, onChoose, onIgnore }: {
    router: SeenRouter;
    ignored: boolean;
    mayAdopt: boolean;
    isChosen: boolean;
    isBusy: boolean;
    renderedAt: number;
    /** Absent: there is nothing to choose for. */
    onChoose: ((isChosen: boolean) => void) | undefined;
    onIgnore: () => void;
  },
) {
  const { identity, board, version, addresses, macs, seenBy, seers, likely } = router;
  const [address] = addresses;
  const name = identity || address || macs[0] || "a router without a name";
  return (
    <tr>
      {onChoose && (
        <td>
          <input
            type="checkbox"
            aria-label={`Choose ${name}`}
            checked={isChosen}
            disabled={address === undefined}
            onChange={(event) => onChoose(event.currentTarget.checked)}
          />
        </td>
      )}
      <th scope="row">
        <bdi class="break">{name}</bdi>
        <span class="break block text-sm font-normal text-text-2">
          <bdi>{[board, version].filter(Boolean).join(", ")}</bdi>
        </span>
        <span class="break mono block text-sm font-normal text-text-3 sm:hidden">
          {address ?? macs[0]}
        </span>
        {likely && (
          <span class="break block text-sm font-normal text-warn">
            Named as{" "}
            <a class="underline" href={`/devices/${likely.deviceId}`}>
              <bdi>{likely.deviceName}</bdi>
            </a>
            : perhaps the same
          </span>
        )}
      </th>
      <td class="hidden sm:table-cell">
        {addresses.map((one) => <span key={one} class="mono break block">{one}</span>)}
        {macs.slice(0, 2).map((mac) => (
          <span key={mac} class="mono block text-sm text-text-3">{mac}</span>
        ))}
        {macs.length > 2 && (
          <span class="block text-sm text-text-3">and {macs.length - 2} more</span>
        )}
      </td>
      <td class="hidden md:table-cell">
        {seenBy.slice(0, SEERS_SHOWN).map(({ deviceId, deviceName, interface: port }, at) => (
          <span key={`${deviceId} ${at}`} class="break block">
            <a class="underline" href={`/devices/${deviceId}/network`}>
              <bdi>{deviceName}</bdi>
            </a>{" "}
            <span class="text-sm text-text-3">
              on <bdi>{port}</bdi>
            </span>
          </span>
        ))}
        {seers > SEERS_SHOWN && (
          <span class="block text-sm text-text-3">{seers} routers in all</span>
        )}
      </td>
      <td class="hidden whitespace-nowrap lg:table-cell">{ago(router.lastSeenAt, renderedAt)}</td>
      <td>
        <span class="flex flex-wrap gap-1.5">
          {mayAdopt && !ignored && address && (
            <a class="btn" aria-label={`Adopt ${name}`} href={wizard(address, router.region)}>
              Adopt
            </a>
          )}
          <button
            type="button"
            class="btn"
            aria-label={`${ignored ? "Show again" : "Ignore"} ${name}`}
            disabled={isBusy}
            onClick={onIgnore}
          >
            {ignored ? "Show again" : "Ignore"}
          </button>
        </span>
      </td>
    </tr>
  );
}

function wizard(address: string, region: string): string {
  const query = new URLSearchParams({ address });
  if (region !== "default") query.set("region", region);
  return `/devices/new?${query}`;
}
