import { PageHeader } from "@/components/PageHeader.tsx";
import BinaryRules from "@/islands/configs/BinaryRules.tsx";
import RetentionRules from "@/islands/configs/RetentionRules.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const initial = await data(api.configs.policy.$get());
    return page({
      initial,
      mayWrite: may(me, "settings:write"),
      mayTake: may(me, "configs:write"),
    });
  },
});

export const title = "Rules for backups";

export default define.page<typeof handler>(({ data: { initial, mayWrite, mayTake } }) => (
  <div class="max-w-3xl">
    <PageHeader title="Rules for backups">
      For all routers of this organisation ·{" "}
      <a class="text-accent underline" href="/configs">Configurations</a>
    </PageHeader>
    <section class="panel p-5" aria-labelledby="retention">
      <h2 id="retention" class="mb-3 font-semibold">How long versions are kept</h2>
      <RetentionRules initial={initial} mayWrite={mayWrite} />
    </section>
    <section class="panel mt-4 p-5" aria-labelledby="full">
      <h2 id="full" class="mb-3 font-semibold">Full backups</h2>
      <BinaryRules {...{ initial, mayWrite, mayTake }} />
    </section>
  </div>
));
