import type { ChangeSet } from "@/core/contract/change_sets.ts";
import SimpleMode from "@/islands/editor/SimpleMode.tsx";
import { page } from "@/web/define.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { readDevice } from "../read_device.ts";
import { openChangeSets } from "../../change-sets/open_change_sets.ts";
import { DeviceFrame } from "./(_components)/DeviceFrame.tsx";
import { EditorModes } from "./(_components)/EditorModes.tsx";

export const handler = define.handlers({
  async GET({ params, url, state: { api, me } }) {
    const id = params["id"]!;
    const [device, sets] = await Promise.all([
      readDevice(api, id),
      openChangeSets(api, id, url.searchParams.get("set")),
    ]);
    return page({
      ...{ device, renderedAt: Date.now(), mayEdit: may(me, "devices:write") },
      editor: {
        device: { id, name: device.name, version: device.version },
        set: sets.current as ChangeSet | undefined,
        openSets: sets.open,
        mayWrite: may(me, "configs:write"),
      },
    });
  },
});

export const title = ({ device }: { device: { name: string } }) =>
  `Simple settings of ${device.name}`;

export default define.page<typeof handler>(({ data }) => {
  const { device, editor, mayEdit, renderedAt } = data;
  return (
    <DeviceFrame {...{ mayEdit, device, renderedAt }} tab="Editor" isCompact>
      <EditorModes deviceId={device.id} at="simple" />
      <SimpleMode {...editor} />
    </DeviceFrame>
  );
});
