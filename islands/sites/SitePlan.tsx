import { useSignal } from "@preact/signals";
import { SectorRose } from "@/components/SectorRose.tsx";
import type { Device } from "@/core/contract/device.ts";
import { compassPoint, type Sector } from "@/core/contract/sectors.ts";
import { ask } from "../ask.ts";
import { useChange } from "../settings/use_change.ts";
import { SectorForm } from "./(_components)/SectorForm.tsx";
import { SiteRouters } from "./(_components)/SiteRouters.tsx";

export interface SitePlanProps {
  siteId: string;
  initial: { sectors: Sector[]; devices: Device[] };
  /** API address of the routers that stand right here. */
  reload: string;
  /** How many there are in all. */
  total: number;
  mayWrite: boolean;
  mayPlace: boolean;
}

/** One site: its sectors as seen from above, and which router stands on which. */
export default function SitePlan(props: SitePlanProps) {
  const { siteId, initial, reload, total, mayWrite, mayPlace } = props;
  const sectors = useSignal(initial.sectors);
  const devices = useSignal(initial.devices);
  const editing = useSignal<Sector | "new" | undefined>(undefined);
  const change = useChange();

  async function refresh() {
    const [sectorsNow, devicesNow] = await Promise.all([
      ask(`/api/sites/${siteId}/sectors`),
      ask(reload),
    ]);
    if (sectorsNow.ok) sectors.value = (await sectorsNow.json()).items;
    if (devicesNow.ok) devices.value = (await devicesNow.json()).items;
  }
  async function run(method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown) {
    if (!await change.run(method, path, body)) return;
    editing.value = undefined;
    await refresh();
  }
  async function remove({ id, name, devices }: Sector) {
    const left = devices > 0 ? " Its routers stay on the site." : "";
    if (confirm(`Remove the sector ${name}?${left}`)) await run("DELETE", `/api/sectors/${id}`);
  }

  const now = editing.value;
  return (
    <>
      <section class="panel mb-4 p-4" aria-labelledby="sectors">
        <h2 id="sectors" class="mb-3 font-semibold">Sectors</h2>
        {sectors.value.length === 0
          ? (
            <p class="mb-3 text-text-2">
              No sector yet. Say where each antenna looks, then put its router on it.
            </p>
          )
          : (
            <div class="mb-3 grid items-center gap-4 md:grid-cols-[auto_minmax(0,1fr)]">
              <SectorRose sectors={sectors.value} />
              <div class="overflow-x-auto">
                <table class="table" data-testid="sectors">
                  <thead>
                    <tr>
                      <th scope="col">Sector</th>
                      <th scope="col" class="num">Azimuth</th>
                      <th scope="col" class="num">Beam</th>
                      <th scope="col">Routers</th>
                      {mayWrite && <th scope="col">Actions</th>}
                    </tr>
                  </thead>
                  <tbody>
                    {sectors.value.map((sector) => (
                      <tr key={sector.id}>
                        <th scope="row">
                          <bdi class="break">{sector.name}</bdi>
                        </th>
                        <td class="num">
                          {sector.azimuth}° {compassPoint(sector.azimuth)}
                        </td>
                        <td class="num">
                          {sector.beamwidth === null ? "" : `${sector.beamwidth}°`}
                        </td>
                        <td>
                          {sector.devices === 0
                            ? <span class="text-text-3">none</span>
                            : sector.devices}
                          {sector.offline > 0 && (
                            <span class="ml-2 text-bad">{sector.offline} offline</span>
                          )}
                        </td>
                        {mayWrite && (
                          <td>
                            <span class="flex flex-wrap gap-1.5">
                              <button
                                type="button"
                                class="btn"
                                aria-label={`Edit ${sector.name}`}
                                onClick={() => editing.value = sector}
                              >
                                Edit
                              </button>
                              <button
                                type="button"
                                class="btn btn-danger"
                                aria-label={`Remove ${sector.name}`}
                                disabled={change.isBusy.value}
                                onClick={() => void remove(sector)}
                              >
                                Remove
                              </button>
                            </span>
                          </td>
                        )}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </div>
          )}
        {change.problem.value && (
          <p class="break mb-3 text-bad" role="alert">{change.problem.value}</p>
        )}
        {mayWrite && now && (
          <SectorForm
            key={now === "new" ? "new" : now.id}
            sector={now === "new" ? undefined : now}
            isBusy={change.isBusy.value}
            onSave={(body) =>
              void (now === "new"
                ? run("POST", `/api/sites/${siteId}/sectors`, body)
                : run("PATCH", `/api/sectors/${now.id}`, body))}
            onCancel={() => editing.value = undefined}
          />
        )}
        {mayWrite && !now && (
          <button
            type="button"
            class="btn"
            onClick={() => editing.value = "new"}
          >
            Add sector
          </button>
        )}
      </section>
      <SiteRouters
        devices={devices.value}
        sectors={sectors.value}
        total={total}
        mayPlace={mayPlace && !change.isBusy.value}
        onPlace={(id, sectorId) => void run("PATCH", `/api/devices/${id}`, { sectorId })}
      />
    </>
  );
}
