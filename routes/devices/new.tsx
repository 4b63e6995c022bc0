import { PageHeader } from "@/components/PageHeader.tsx";
import Adopt from "@/islands/adopt/Adopt.tsx";
import TestConnection from "@/islands/TestConnection.tsx";
import { page } from "@/web/define.ts";
import type { ProfileChoice } from "@/core/contract/credentials.ts";
import type { NewDevice, TlsMode } from "@/core/contract/device.ts";
import { attempt, type ProblemBody } from "../api_data.ts";
import { define } from "../define.ts";
import { chosenGroups } from "../groups/chosen_groups.ts";
import { profileChoices } from "../settings/profile_choices.ts";
import { sitePaths } from "../sites/site_paths.ts";
import { type KnownTags, knownTags } from "../tags/known_tags.ts";
import { demandOf } from "../permit.ts";
import {
  type DeviceFields,
  DeviceForm,
  EMPTY_FIELDS,
  readForm,
} from "./(_components)/DeviceForm.tsx";

interface Data {
  /** All fields at once, for who knows them, and for browsers without scripts. */
  isForm: boolean;
  /** For the assistant. */
  address: string;
  region: string;
  fields: DeviceFields;
  sites: string[];
  profiles: ProfileChoice[];
  tags: string[];
  known: KnownTags;
  groups: { id: string; name: string }[];
  problem: ProblemBody | undefined;
}

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    demandOf(me, "devices:write");
    const address = url.searchParams.get("address")?.slice(0, 253) ?? "";
    const region = url.searchParams.get("region")?.slice(0, 40) || "default";
    const fields = { ...EMPTY_FIELDS, address };
    return page<Data>({
      isForm: url.searchParams.has("form"),
      address,
      region,
      fields,
      sites: await sitePaths(api, me),
      profiles: await profileChoices(api, me),
      tags: [],
      known: await knownTags(api, me),
      groups: await chosenGroups(api, me),
      problem: undefined,
    });
  },
  async POST({ req, redirect, state: { api, me } }) {
    const { fields, tags } = await readForm(req);
    const result = await attempt(
      api.devices.$post({ header: {}, json: { ...newDevice(fields), tags } }),
    );
    if ("problem" in result) {
      const { problem } = result;
      const [sites, profiles, known] = await Promise.all([
        ...[sitePaths(api, me), profileChoices(api, me), knownTags(api, me)] as const,
      ]);
      return page<Data>(
        {
          ...{
            isForm: true,
            address: "",
            region: "",
            fields,
            sites,
            profiles,
            tags,
            known,
            problem,
          },
          groups: [],
        },
        { status: problem.status },
      );
    }
    return redirect(`/devices/${result.body.id}`);
  },
});

function newDevice(fields: DeviceFields): NewDevice {
  const { name, address, port, tlsMode, tlsCa, site, username, password } = fields;
  const { profileId, pollIntervalSeconds } = fields;
  return {
    address,
    ...(profileId && { profileId }),
    // What was typed beside a profile is refused in words, not dropped in silence.
    ...((!profileId || username || password) && { username, password }),
    tlsMode: tlsMode as TlsMode,
    region: "default",
    ...(name && { name }),
    ...(port && { port: Number(port) }),
    ...(tlsCa && { tlsCa }),
    ...(site && { site }),
    ...(fields.sshPort && { sshPort: Number(fields.sshPort) }),
    ...(pollIntervalSeconds && { pollIntervalSeconds: Number(pollIntervalSeconds) }),
  };
}

export const title = "Add router";

export default define.page<typeof handler>((
  { data: { isForm, address, region, fields, sites, profiles, tags, known, groups, problem } },
) => (
  <div class="max-w-3xl">
    <PageHeader
      title="Add router"
      actions={
        <>
          <a class="btn" href="/devices/import">Import many</a>
          {isForm
            ? <a class="btn" href="/devices/new">Step by step</a>
            : <a class="btn" href="/devices/new?form">One form</a>}
        </>
      }
    >
      The first reading is here seconds later. A read-only login with the policy <code>api</code>
      {" "}
      is enough.
    </PageHeader>
    {!isForm && (
      <>
        <noscript>
          <p class="mb-4">
            The assistant needs scripts. Use{" "}
            <a class="underline" href="/devices/new?form">one form</a> instead.
          </p>
        </noscript>
        <Adopt {...{ address, region, sites, profiles, known, groups }} />
      </>
    )}
    {isForm && (
      <form method="post" action="/devices/new?form" class="panel p-5" id="device">
        <DeviceForm {...{ sites, profiles, tags, known, fields, problem }} isNew />
        <div class="mt-5 flex flex-wrap items-start gap-2">
          <button type="submit" class="btn btn-primary">Add router</button>
          <a class="btn" href="/devices">Cancel</a>
          <TestConnection formId="device" />
        </div>
      </form>
    )}
  </div>
));
