import { shownStatus, Status } from "@/components/Status.tsx";
import type { Device } from "@/core/contract/device.ts";
import type { Sector } from "@/core/contract/sectors.ts";

/** The routers that stand right here, and the sector of each. */
export function SiteRouters({ devices, sectors, total, mayPlace, onPlace }: {
  devices: readonly Device[];
  sectors: readonly Sector[];
  total: number;
  mayPlace: boolean;
  onPlace: (deviceId: string, sectorId: string | null) => void;
}) {
  return (
    <section class="panel p-4" aria-labelledby="routers">
      <h2 id="routers" class="mb-3 font-semibold">Routers right here</h2>
      {devices.length === 0
        ? <p class="text-text-2">None. A router is put on a site where it is edited.</p>
        : (
          <div class="overflow-x-auto">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">Status</th>
                  <th scope="col">Router</th>
                  <th scope="col">Sector</th>
                </tr>
              </thead>
              <tbody>
                {devices.map((device) => (
                  <tr key={device.id}>
                    <td>
                      <Status status={shownStatus(device)} />
                    </td>
                    <td>
                      <a
                        class="line-clamp-3 font-medium hover:underline"
                        href={`/devices/${device.id}`}
                      >
                        <bdi>{device.name}</bdi>
                      </a>
                      <div class="mono text-text-3">{device.address}</div>
                    </td>
                    <td>
                      {mayPlace && sectors.length > 0
                        ? (
                          <select
                            class="field max-w-52"
                            aria-label={`Sector of ${device.name.slice(0, 80)}`}
                            value={device.sectorId ?? ""}
                            onChange={(event) =>
                              onPlace(device.id, event.currentTarget.value || null)}
                          >
                            <option value="">none</option>
                            {sectors.map(({ id, name, azimuth }) => (
                              <option key={id} value={id} selected={id === device.sectorId}>
                                {`${name}, ${azimuth}°`}
                              </option>
                            ))}
                          </select>
                        )
                        : <bdi class="break">{device.sector ?? ""}</bdi>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      {total > devices.length && (
        <p class="mt-2 text-sm text-text-2">The first {devices.length} of {total}.</p>
      )}
    </section>
  );
}
