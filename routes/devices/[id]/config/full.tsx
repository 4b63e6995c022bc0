import FullBackups from "@/islands/configs/FullBackups.tsx";
import { page } from "@/web/define.ts";
import { data } from "../../../api_data.ts";
import { define } from "../../../define.ts";
import { may } from "../../../permit.ts";
import { readDevice } from "../../read_device.ts";
import { DeviceFrame } from "../(_components)/DeviceFrame.tsx";

export const handler = define.handlers({
  async GET({ params, state: { api, me } }) {
    const id = params["id"]!;
    const [device, initial] = await Promise.all([
      readDevice(api, id),
      data(api.devices[":id"]["binary-backups"].$get({ param: { id } })),
    ]);
    return page({
      ...{ device, initial, renderedAt: Date.now() },
      mayEdit: may(me, "devices:write"),
      mayTake: may(me, "configs:write"),
      mayReveal: may(me, "configs:reveal"),
      mayRestore: may(me, "configs:push"),
    });
  },
});

export const title = ({ device }: { device: { name: string } }) => `Full backups of ${device.name}`;

export default define.page<typeof handler>(({ data }) => {
  const { device, initial, mayEdit, mayTake, mayReveal, mayRestore, renderedAt } = data;
  return (
    <DeviceFrame mayEdit={mayEdit} device={device} tab="Config" renderedAt={renderedAt}>
      <p class="mb-4 text-text-2">
        Full backups, each encrypted with a password of its own ·{" "}
        <a class="text-accent underline" href={`/devices/${device.id}/config`}>
          Versions of the configuration
        </a>
      </p>
      <FullBackups
        deviceId={device.id}
        deviceName={device.name}
        {...{ initial, mayTake, mayReveal, mayRestore }}
      />
    </DeviceFrame>
  );
});
