import { timesAre } from "@/core/contract/zone_time.ts";
import { PageHeader } from "@/components/PageHeader.tsx";
import { page } from "@/web/define.ts";
import { define } from "../define.ts";
import { Logs } from "../(_components)/Logs.tsx";
import { linkTo } from "../(_components)/link_to.ts";
import { readLogs } from "../(_components)/read_logs.ts";

export const handler = define.handlers({
  async GET({ url, state: { api } }) {
    return page({ logs: await readLogs(api, url) });
  },
});

export const title = "Logs";

export default define.page<typeof handler>(({ data: { logs } }) => (
  <>
    <PageHeader
      title="Logs"
      actions={<a class="btn" href={linkTo("/api/logs/export", logs.query)} download>Export CSV</a>}
    >
      What routers sent by syslog, newest first, by when it arrived. {timesAre()}
    </PageHeader>
    <Logs path="/logs" page={logs} isFleet />
  </>
));
