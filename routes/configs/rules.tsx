import { PageHeader } from "@/components/PageHeader.tsx";
import BinaryRules from "@/islands/configs/BinaryRules.tsx";
import RetentionRules from "@/islands/configs/RetentionRules.tsx";
import { ago, bytes, utc } from "@/core/contract/format.ts";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const [initial, full] = await Promise.all([
      data(api.configs.policy.$get()),
      data(api.configs["binary-backups"].$get()),
    ]);
    return page({
      ...{ initial, full, renderedAt: Date.now() },
      mayWrite: may(me, "settings:write"),
      mayTake: may(me, "configs:write"),
    });
  },
});

export const title = "Rules for backups";

export default define.page<typeof handler>(({ data }) => {
  const { initial, full, mayWrite, mayTake, renderedAt } = data;
  return (
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
        <p class="mt-4 text-text-2">
          {full.backups === 0
            ? "None is kept yet."
            : `${full.backups} of ${full.routers === 1 ? "1 router" : `${full.routers} routers`}, ${
              bytes(full.bytes)
            }.`}
          {full.waiting > 0 && ` ${full.waiting} waiting for their turn.`}
        </p>
        {full.failing.length > 0 && (
          <section class="mt-4" aria-labelledby="failing">
            <h3 id="failing" class="mb-2 font-medium text-bad">Where the last one failed</h3>
            <ul class="divide-y divide-line">
              {full.failing.map(({ deviceId, deviceName, triedAt, detail }) => (
                <li key={deviceId} class="py-2">
                  <a
                    class="break font-medium hover:underline"
                    href={`/devices/${deviceId}/config/full`}
                  >
                    <bdi class="line-clamp-2">{deviceName}</bdi>
                  </a>
                  <p class="break text-sm text-text-2">
                    {detail}
                    {triedAt !== null && (
                      <>
                        {" "}
                        <time dateTime={triedAt} title={utc(triedAt)}>
                          {ago(triedAt, renderedAt)}
                        </time>
                      </>
                    )}
                  </p>
                </li>
              ))}
            </ul>
          </section>
        )}
      </section>
    </div>
  );
});
