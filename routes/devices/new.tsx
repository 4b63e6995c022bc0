import { PageHeader } from "@/components/PageHeader.tsx";
import TestConnection from "@/islands/TestConnection.tsx";
import { page } from "@/web/define.ts";
import type { NewDevice, TlsMode } from "@/core/contract/device.ts";
import { attempt, type ProblemBody } from "../api_data.ts";
import { define } from "../define.ts";
import {
  type DeviceFields,
  DeviceForm,
  EMPTY_FIELDS,
  readFields,
} from "./(_components)/DeviceForm.tsx";

interface Data {
  fields: DeviceFields;
  problem: ProblemBody | undefined;
}

export const handler = define.handlers({
  GET: () => page<Data>({ fields: EMPTY_FIELDS, problem: undefined }),
  async POST({ req, redirect, state: { api } }) {
    const { isEnabled: _, ...fields } = await readFields(req);
    const result = await attempt(api.devices.$post({ header: {}, json: newDevice(fields) }));
    if ("problem" in result) {
      const { problem } = result;
      return page<Data>({ fields, problem }, { status: problem.status });
    }
    return redirect(`/devices/${result.body.id}`);
  },
});

function newDevice(fields: DeviceFields): NewDevice {
  const { name, address, port, tlsMode, tlsCa, site, username, password } = fields;
  const { pollIntervalSeconds } = fields;
  return {
    address,
    username,
    password,
    tlsMode: tlsMode as TlsMode,
    region: "default",
    ...(name && { name }),
    ...(port && { port: Number(port) }),
    ...(tlsCa && { tlsCa }),
    ...(site && { site }),
    ...(pollIntervalSeconds && { pollIntervalSeconds: Number(pollIntervalSeconds) }),
  };
}

export const title = "Add router";

export default define.page<typeof handler>(({ data: { fields, problem } }) => (
  <div class="max-w-3xl">
    <PageHeader title="Add router">
      The first reading is here seconds later. A read-only login with the policy <code>api</code>
      {" "}
      is enough.
    </PageHeader>
    <form method="post" action="/devices/new" class="panel p-5" id="device">
      <DeviceForm fields={fields} problem={problem} isNew />
      <div class="mt-5 flex flex-wrap items-start gap-2">
        <button type="submit" class="btn btn-primary">Add router</button>
        <a class="btn" href="/devices">Cancel</a>
        <TestConnection formId="device" />
      </div>
    </form>
  </div>
));
