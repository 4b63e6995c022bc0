import { ScoreValue } from "@/components/compliance/ScoreValue.tsx";
import type { DeviceCompliance } from "@/core/contract/compliance.ts";
import { ago, utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import CheckNow from "@/islands/compliance/CheckNow.tsx";
import RuleResults from "@/islands/compliance/RuleResults.tsx";
import DriftItems from "@/islands/drift/DriftItems.tsx";
import { page } from "@/web/define.ts";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { readDevice } from "../read_device.ts";
import { DeviceFrame } from "./(_components)/DeviceFrame.tsx";

/** Versions that one may choose a baseline from. */
const CHOICES = 50;

export const handler = define.handlers({
  async GET({ params, state: { api, me } }) {
    const id = params["id"]!;
    const one = api.devices[":id"];
    const [device, compliance, drift, versions] = await Promise.all([
      readDevice(api, id),
      data(one.compliance.$get({ param: { id } })),
      data(one.drift.$get({ param: { id } })),
      may(me, "configs:read") ? data(one.configs.$get({ param: { id } })) : { items: [] },
    ]);
    return page({
      ...{ device, compliance, drift, renderedAt: Date.now() },
      versions: versions.items.filter(({ failedMenus }) => failedMenus.length === 0)
        .slice(0, CHOICES).map(({ id, takenAt }) => ({ id, takenAt })),
      mayEdit: may(me, "devices:write"),
      mayWrite: may(me, "compliance:write"),
      mayPush: may(me, "configs:push"),
    });
  },
});

export const title = ({ device }: { device: { name: string } }) => `Compliance of ${device.name}`;

export default define.page<typeof handler>(({ data }) => {
  const { device, compliance, drift, versions, renderedAt, mayEdit, mayWrite, mayPush } = data;
  return (
    <DeviceFrame mayEdit={mayEdit} device={device} tab="Compliance" renderedAt={renderedAt}>
      <Summary compliance={compliance} renderedAt={renderedAt} mayWrite={mayWrite} />
      <section class="mb-8" aria-labelledby="drift">
        <h2 id="drift" class="mb-2 text-lg">Drift</h2>
        <DriftItems
          deviceId={device.id}
          deviceName={device.name}
          drift={drift}
          versions={versions}
          mayWrite={mayWrite}
          mayPush={mayPush}
        />
      </section>
      <section aria-labelledby="rules">
        <h2 id="rules" class="mb-2 text-lg">Rules</h2>
        <RuleResults
          deviceId={device.id}
          deviceName={device.name}
          rules={compliance.rules}
          mayWrite={mayWrite}
          mayPush={mayPush}
        />
      </section>
    </DeviceFrame>
  );
});

function Summary({ compliance, renderedAt, mayWrite }: {
  compliance: DeviceCompliance;
  renderedAt: number;
  mayWrite: boolean;
}) {
  const { score, passed, failed, unknown, excepted, drifted, checkedAt, versionAt, versionId } =
    compliance;
  const figures = [
    ["pass", passed],
    ["fail", failed],
    ["unknown", unknown],
    ["with an exception", excepted],
  ] as const;
  return (
    <div class="panel mb-6 flex flex-wrap items-center gap-x-8 gap-y-3 p-4">
      <p>
        <span class="block text-sm text-text-2">Score</span>
        <span class="text-3xl">
          <ScoreValue score={score} />
        </span>
      </p>
      <div class="min-w-60 flex-1">
        <p class="flex flex-wrap gap-x-4">
          {figures.map(([words, n]) => <span key={words}>{n} {words}</span>)}
          <span class={drifted > 0 ? "text-warn" : ""}>
            {drifted === 1 ? "1 item drifted" : `${drifted} items drifted`}
          </span>
        </p>
        <p class="text-sm text-text-2">
          {checkedAt === null
            ? "Not looked at yet: this happens within a minute after the first backup."
            : !versionAt || !versionId
            ? "There is no backup of the configuration: nothing can be said."
            : (
              <>
                Looked at{" "}
                <time dateTime={checkedAt} title={utc(checkedAt)}>
                  {ago(checkedAt, renderedAt)}
                </time>, the configuration of{" "}
                <a
                  class="text-accent hover:underline"
                  href={`/devices/${compliance.deviceId}/config?version=${versionId}`}
                >
                  <time dateTime={versionAt} title={utc(versionAt)}>{local(versionAt)}</time>
                </a>
              </>
            )}
        </p>
      </div>
      {mayWrite && checkedAt && <CheckNow deviceId={compliance.deviceId} />}
    </div>
  );
}
