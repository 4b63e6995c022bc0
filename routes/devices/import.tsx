import { PageHeader } from "@/components/PageHeader.tsx";
import Import from "@/islands/import/Import.tsx";
import { page } from "@/web/define.ts";
import { define } from "../define.ts";
import { profileChoices } from "../settings/profile_choices.ts";
import { demandOf } from "../permit.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    demandOf(me, "devices:write");
    return page({ profiles: await profileChoices(api, me) });
  },
});

export const title = "Import routers";

export default define.page<typeof handler>(({ data: { profiles } }) => (
  <div class="max-w-4xl">
    <PageHeader
      title="Import routers"
      actions={<a class="btn" href="/devices/new">Add one router</a>}
    >
      Nothing is stored before you have seen what would happen. A bad row hinders no other, and the
      same list again adds nothing.
    </PageHeader>
    <Import profiles={profiles.map(({ name }) => name)} />
  </div>
));
