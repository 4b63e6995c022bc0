import { PageHeader } from "@/components/PageHeader.tsx";
import { BULK_RESULTS, type BulkResult, changeInWords } from "@/core/contract/bulk.ts";
import { page } from "@/web/define.ts";
import { data } from "../../api_data.ts";
import { local } from "@/core/contract/zone_time.ts";
import { define } from "../../define.ts";

const WORDS: Record<BulkResult, string> = {
  changed: "Changed",
  unchanged: "Was so already",
  refused: "Refused",
};
const TONES: Record<BulkResult, string> = {
  changed: "text-ok",
  unchanged: "text-text-2",
  refused: "text-bad",
};

export const handler = define.handlers({
  async GET({ params, url, state: { api } }) {
    const wanted = url.searchParams.get("result");
    const result = BULK_RESULTS.find((one) => one === wanted);
    const after = /^\d{1,6}$/.exec(url.searchParams.get("after") ?? "")?.[0];
    const query = { ...(result && { result }), ...(after && { after }) };
    const bulk = await data(
      api.devices.bulk[":id"].$get({ param: { id: params["id"]! }, query }),
    );
    return page({ bulk, result, after });
  },
});

export const title = "Change of many routers";

export default define.page<typeof handler>(({ data: { bulk, result, after } }) => {
  const { id, at, change, query, rows, nextAfter } = bulk;
  const total = bulk.changed + bulk.unchanged + bulk.refused;
  const link = (more: Record<string, string>) =>
    `/devices/bulk/${id}?${new URLSearchParams({ ...(result && { result }), ...more })}`;
  return (
    <>
      <PageHeader
        title="Change of many routers"
        actions={<a class="btn" href="/devices">Devices</a>}
      >
        <bdi class="break">{changeInWords(change)}</bdi>
        {`, ${local(at)}`}
        {query && (
          <>
            , all that matched <bdi class="mono break">{query}</bdi>
          </>
        )}
      </PageHeader>
      <nav class="mb-3 flex flex-wrap gap-1.5" aria-label="Results">
        <a class="chip" href={`/devices/bulk/${id}`} aria-current={result ? undefined : "true"}>
          All {total}
        </a>
        {BULK_RESULTS.map((one) => (
          <a
            key={one}
            class="chip"
            href={`/devices/bulk/${id}?result=${one}`}
            aria-current={one === result ? "true" : undefined}
          >
            {WORDS[one]} {bulk[one]}
          </a>
        ))}
      </nav>
      {rows.length === 0
        ? <p class="panel p-6 text-center text-text-2">No router here.</p>
        : (
          <div class="panel overflow-x-auto">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">Router</th>
                  <th scope="col">Result</th>
                  <th scope="col">Why</th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ position, deviceId, deviceName, result, reason }) => (
                  <tr key={position}>
                    <td>
                      <a class="line-clamp-3 hover:underline" href={`/devices/${deviceId}`}>
                        <bdi>{deviceName}</bdi>
                      </a>
                    </td>
                    <td class={`whitespace-nowrap ${TONES[result]}`}>{WORDS[result]}</td>
                    <td class="break">{reason}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      <div class="mt-3 flex gap-2">
        {after && <a class="btn" href={link({})}>First page</a>}
        {nextAfter !== null && (
          <a class="btn" href={link({ after: String(nextAfter) })}>Next page</a>
        )}
      </div>
    </>
  );
});
