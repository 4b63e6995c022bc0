import type { ScanHost } from "@/core/contract/scans.ts";
import type { TlsMode } from "@/core/contract/device.ts";

const WORDS: Partial<Record<TlsMode, readonly [string, string]>> = {
  pinned: ["TLS", "text-ok"],
  legacy: ["old TLS", "text-warn"],
  plain: ["without TLS", "text-warn"],
};

/** One address where something answered. */
export function HostRow({ host, region, mayAdopt, isChosen, onChoose }: {
  host: ScanHost;
  region: string;
  mayAdopt: boolean;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
}) {
  const { address, ports, sshBanner, suggestion, advice, device } = host;
  const open = ports.filter(({ state }) => state === "open");
  const [word, tone] = (suggestion && WORDS[suggestion.tlsMode]) ?? ["none", "text-text-3"];
  return (
    <tr>
      {mayAdopt && (
        <td>
          <input
            type="checkbox"
            aria-label={`Choose ${address}`}
            checked={isChosen}
            disabled={device !== null || suggestion === null}
            onChange={(event) => onChoose(event.currentTarget.checked)}
          />
        </td>
      )}
      <th scope="row">
        <span class="mono break">{address}</span>
        {device && (
          <span class="break block text-sm font-normal text-text-2">
            Managed as{" "}
            <a class="underline" href={`/devices/${device.deviceId}`}>
              <bdi>{device.deviceName}</bdi>
            </a>
          </span>
        )}
      </th>
      <td class="break hidden sm:table-cell">
        {open.map(({ service }) => service).join(", ")}
        {sshBanner && (
          <span class="break mono block text-sm text-text-3">
            <bdi>{sshBanner}</bdi>
          </span>
        )}
      </td>
      <td class="break">
        <span class={tone}>
          {word}
          {suggestion && <span class="text-text-3">, port {suggestion.port}</span>}
        </span>
        {!suggestion && advice && <span class="block text-sm text-text-3">{advice}</span>}
      </td>
      {mayAdopt && (
        <td>
          {device === null && (
            <a class="btn" aria-label={`Adopt ${address}`} href={wizard(address, region)}>
              Adopt
            </a>
          )}
        </td>
      )}
    </tr>
  );
}

function wizard(address: string, region: string): string {
  const query = new URLSearchParams({ address });
  if (region !== "default") query.set("region", region);
  return `/devices/new?${query}`;
}
