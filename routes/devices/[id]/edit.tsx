import type { ProfileChoice } from "@/core/contract/credentials.ts";
import type { Device, DevicePatch, TlsMode } from "@/core/contract/device.ts";
import { PageHeader } from "@/components/PageHeader.tsx";
import { page } from "@/web/define.ts";
import { attempt, type ProblemBody } from "../../api_data.ts";
import { define } from "../../define.ts";
import { demandOf } from "../../permit.ts";
import { type DeviceFields, DeviceForm, readFields } from "../(_components)/DeviceForm.tsx";
import { profileChoices } from "../../settings/profile_choices.ts";
import { sitePaths } from "../../sites/site_paths.ts";
import { readDevice } from "../read_device.ts";

interface Data {
  device: Device;
  fields: DeviceFields;
  isEnabled: boolean;
  sites: string[];
  profiles: ProfileChoice[];
  problem: ProblemBody | undefined;
}

export const handler = define.handlers({
  async GET({ params, state: { api, me } }) {
    demandOf(me, "devices:write");
    const device = await readDevice(api, params["id"]!);
    const { isEnabled } = device;
    const [sites, profiles] = await Promise.all([sitePaths(api, me), profileChoices(api, me)]);
    return page<Data>({
      ...{ device, fields: fieldsOf(device), isEnabled, sites, profiles, problem: undefined },
    });
  },
  async POST({ params, req, url, redirect, state: { api, me } }) {
    const param = { id: params["id"]! };
    if (url.searchParams.has("remove")) {
      const removed = await attempt(api.devices[":id"].$delete({ param }));
      if (!("problem" in removed)) return redirect("/devices");
    }
    const device = await readDevice(api, param.id);
    const { isEnabled, ...fields } = await readFields(req);
    const patch = patchOf(device, fields, isEnabled);
    const result = await attempt(
      api.devices[":id"].$patch({ param, header: {}, json: patch }),
    );
    if ("problem" in result) {
      const { problem } = result;
      const [sites, profiles] = await Promise.all([sitePaths(api, me), profileChoices(api, me)]);
      return page<Data>({ device, fields, isEnabled, sites, profiles, problem }, {
        status: problem.status,
      });
    }
    return redirect(`/devices/${device.id}`);
  },
});

function fieldsOf(device: Device): DeviceFields {
  return {
    name: device.givenName ?? "",
    address: device.address,
    port: String(device.port),
    tlsMode: device.tlsMode,
    tlsCa: "",
    site: device.site ?? "",
    username: "",
    password: "",
    profileId: device.profileId ?? "",
    pollIntervalSeconds: device.pollIntervalSeconds === null
      ? ""
      : String(device.pollIntervalSeconds),
  };
}

/** Only what differs: an edit of the name must not count as an edit of the connection. */
function patchOf(device: Device, fields: DeviceFields, isEnabled: boolean): DevicePatch {
  const { name, address, port, tlsMode, tlsCa, site, username, password, profileId } = fields;
  const interval = fields.pollIntervalSeconds ? Number(fields.pollIntervalSeconds) : null;
  return {
    ...(name !== (device.givenName ?? "") && { name: name || null }),
    ...(address !== device.address && { address }),
    ...(port && Number(port) !== device.port && { port: Number(port) }),
    ...(tlsMode !== device.tlsMode && { tlsMode: tlsMode as TlsMode }),
    ...(tlsCa && { tlsCa }),
    ...(site !== (device.site ?? "") && { site: site || null }),
    ...(interval !== device.pollIntervalSeconds && { pollIntervalSeconds: interval }),
    ...(isEnabled !== device.isEnabled && { isEnabled }),
    ...(profileId && profileId !== device.profileId && { profileId }),
    // From a profile to a login of its own: the API says so when none was typed.
    ...((username || password || (!profileId && device.profileId)) && { username, password }),
  };
}

export const title = ({ device }: { device: { name: string } }) => `Edit ${device.name}`;

export default define.page<typeof handler>((
  { data: { device, fields, isEnabled, sites, profiles, problem } },
) => (
  <div class="max-w-3xl">
    <PageHeader title={`Edit ${device.name}`}>
      A change reaches the poller within a second.
    </PageHeader>
    <form method="post" class="panel p-5">
      <DeviceForm
        sites={sites}
        profiles={profiles}
        fields={fields}
        problem={problem}
        isNew={false}
      />
      <label class="mt-4 flex items-center gap-2">
        <input type="checkbox" name="isEnabled" checked={isEnabled} />
        Poll this router
      </label>
      <div class="mt-5 flex gap-2">
        <button type="submit" class="btn btn-primary">Save changes</button>
        <a class="btn" href={`/devices/${device.id}`}>Cancel</a>
      </div>
    </form>
    <details class="panel mt-4 p-5">
      <summary class="font-medium text-bad">Remove this router</summary>
      <p class="mt-2 text-text-2">
        Its login, readings and history here are deleted. The router itself is not touched.
      </p>
      <form method="post" action="?remove" class="mt-3">
        <button type="submit" class="btn btn-danger">
          Remove <bdi>{device.name}</bdi>
        </button>
      </form>
    </details>
  </div>
));
