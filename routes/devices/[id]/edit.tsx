import type { ProfileChoice } from "@/core/contract/credentials.ts";
import type { Me } from "@/core/contract/auth.ts";
import type { Device, DevicePatch, TlsMode } from "@/core/contract/device.ts";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Field } from "@/components/Field.tsx";
import type { Sector } from "@/core/contract/sectors.ts";
import { page } from "@/web/define.ts";
import { attempt, data, type ProblemBody } from "../../api_data.ts";
import { define } from "../../define.ts";
import type { ApiClient } from "../../http/api_client.ts";
import { demandOf, may } from "../../permit.ts";
import { EndOfService } from "../(_components)/EndOfService.tsx";
import { type DeviceFields, DeviceForm, readForm } from "../(_components)/DeviceForm.tsx";
import { profileChoices } from "../../settings/profile_choices.ts";
import { sitePaths } from "../../sites/site_paths.ts";
import { type KnownTags, knownTags } from "../../tags/known_tags.ts";
import { readDevice } from "../read_device.ts";

interface Data {
  device: Device;
  fields: DeviceFields;
  isEnabled: boolean;
  sites: string[];
  profiles: ProfileChoice[];
  tags: string[];
  known: KnownTags;
  /** Of the site where it stands. */
  sectors: Sector[];
  problem: ProblemBody | undefined;
}

export const handler = define.handlers({
  async GET({ params, state: { api, me } }) {
    demandOf(me, "devices:write");
    return page<Data>(await dataOf(api, me, await readDevice(api, params["id"]!)));
  },
  async POST({ params, req, url, redirect, state: { api, me } }) {
    const param = { id: params["id"]! };
    const device = await readDevice(api, param.id);
    if (url.search !== "") {
      const problem = await act(api, url.searchParams, param, req);
      if (!problem) return redirect(url.searchParams.has("delete") ? "/devices" : pathOf(device));
      return page<Data>(await dataOf(api, me, device, problem), { status: problem.status });
    }
    const { isEnabled, fields, tags, sectorId } = await readForm(req);
    const patch = {
      ...patchOf(device, fields, isEnabled, tags),
      ...sectorPatch(device, fields, sectorId),
    };
    const result = await attempt(
      api.devices[":id"].$patch({ param, header: {}, json: patch }),
    );
    if ("problem" in result) {
      const { problem } = result;
      const now = await dataOf(api, me, device);
      return page<Data>({ ...now, fields, isEnabled, tags, problem }, { status: problem.status });
    }
    return redirect(pathOf(device));
  },
});

const pathOf = ({ id }: Device) => `/devices/${id}`;

/** The page as the device stands. */
async function dataOf(
  api: ApiClient,
  me: Me | undefined,
  device: Device,
  problem?: ProblemBody,
): Promise<Data> {
  const { isEnabled } = device;
  const [sites, profiles, known, sectors] = await Promise.all([
    ...[sitePaths(api, me), profileChoices(api, me), knownTags(api, me)] as const,
    sectorsOf(api, me, device),
  ]);
  const tags = device.tags.map(({ name }) => name);
  return {
    device,
    fields: fieldsOf(device),
    isEnabled,
    sites,
    profiles,
    tags,
    known,
    sectors,
    problem,
  };
}

async function sectorsOf(
  api: ApiClient,
  me: Me | undefined,
  { siteId }: Device,
): Promise<Sector[]> {
  if (!siteId || !may(me, "sites:read")) return [];
  return (await data(api.sites[":id"].sectors.$get({ param: { id: siteId } }))).items;
}

/** What the buttons below the form do; answers what hindered it. */
async function act(
  api: ApiClient,
  wanted: URLSearchParams,
  param: { id: string },
  req: Request,
): Promise<ProblemBody | undefined> {
  const device = api.devices[":id"];
  const name = String((await req.formData()).get("name") ?? "");
  const result = wanted.has("retire")
    ? await attempt(device.retire.$post({ param }))
    : wanted.has("restore")
    ? await attempt(device.restore.$post({ param }))
    : await attempt(device.$delete({ param, query: { name } }));
  return "problem" in result ? result.problem : undefined;
}

function fieldsOf(device: Device): DeviceFields {
  return {
    name: device.givenName ?? "",
    address: device.address,
    port: String(device.port),
    sshPort: String(device.sshPort),
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

/** Another site leaves the sector behind, whatever the form still says. */
function sectorPatch(
  device: Device,
  { site }: DeviceFields,
  sectorId: string | undefined,
): DevicePatch {
  if (sectorId === undefined || site !== (device.site ?? "")) return {};
  return sectorId === (device.sectorId ?? "") ? {} : { sectorId: sectorId || null };
}

/** Only what differs: an edit of the name must not count as an edit of the connection. */
function patchOf(
  device: Device,
  fields: DeviceFields,
  isEnabled: boolean,
  tags: string[],
): DevicePatch {
  const { name, address, port, tlsMode, tlsCa, site, username, password, profileId } = fields;
  const sshPort = fields.sshPort ? Number(fields.sshPort) : 22;
  const interval = fields.pollIntervalSeconds ? Number(fields.pollIntervalSeconds) : null;
  const had = device.tags.map((tag) => tag.name).toSorted();
  return {
    ...(tags.toSorted().join() !== had.join() && { tags }),
    ...(name !== (device.givenName ?? "") && { name: name || null }),
    ...(address !== device.address && { address }),
    ...(port && Number(port) !== device.port && { port: Number(port) }),
    ...(tlsMode !== device.tlsMode && { tlsMode: tlsMode as TlsMode }),
    ...(tlsCa && { tlsCa }),
    ...(site !== (device.site ?? "") && { site: site || null }),
    ...(sshPort !== device.sshPort && { sshPort }),
    ...(interval !== device.pollIntervalSeconds && { pollIntervalSeconds: interval }),
    ...(isEnabled !== device.isEnabled && { isEnabled }),
    ...(profileId && profileId !== device.profileId && { profileId }),
    // From a profile to a login of its own: the API says so when none was typed.
    ...((username || password || (!profileId && device.profileId)) && { username, password }),
  };
}

export const title = ({ device }: { device: { name: string } }) => `Edit ${device.name}`;

export default define.page<typeof handler>((
  { data: { device, fields, isEnabled, sites, profiles, tags, known, sectors, problem } },
) => (
  <div class="max-w-3xl">
    <PageHeader title={`Edit ${device.name}`}>
      {device.retiredAt
        ? "It is retired: what you change here counts once it is restored."
        : "A change reaches the poller within a second."}
    </PageHeader>
    <form method="post" class="panel p-5">
      <DeviceForm
        {...{ sites, profiles, tags, known, fields, problem }}
        isNew={false}
      />
      {sectors.length > 0 && (
        <div class="mt-4 sm:max-w-80">
          <Field label="Sector" name="sectorId" hint="Of the site where it stands now">
            <select id="sectorId" name="sectorId" class="field">
              <option value="">none</option>
              {sectors.map(({ id, name, azimuth }) => (
                <option key={id} value={id} selected={id === device.sectorId}>
                  {`${name}, ${azimuth}°`}
                </option>
              ))}
            </select>
          </Field>
        </div>
      )}
      <label class="mt-4 flex items-center gap-2">
        <input type="checkbox" name="isEnabled" checked={isEnabled} />
        Poll this router
      </label>
      <div class="mt-5 flex gap-2">
        <button type="submit" class="btn btn-primary">Save changes</button>
        <a class="btn" href={`/devices/${device.id}`}>Cancel</a>
      </div>
    </form>
    <EndOfService device={device} />
  </div>
));
