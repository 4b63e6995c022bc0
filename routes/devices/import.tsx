import { PageHeader } from "@/components/PageHeader.tsx";
import Import from "@/islands/import/Import.tsx";
import { page } from "@/web/define.ts";
import { define } from "../define.ts";
import { demandOf } from "../permit.ts";

export const handler = define.handlers({
  GET({ state: { me } }) {
    demandOf(me, "devices:write");
    return page({});
  },
});

export const title = "Import routers";

export default define.page<typeof handler>(() => (
  <div class="max-w-4xl">
    <PageHeader
      title="Import routers"
      actions={<a class="btn" href="/devices/new">Add one router</a>}
    >
      Nothing is stored before you have seen what would happen. A bad row hinders no other, and the
      same list again adds nothing.
    </PageHeader>
    <Import />
  </div>
));
