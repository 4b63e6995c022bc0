import { LOG_SEVERITY_NAMES } from "@/core/contract/device_logs.ts";
import { data } from "../api_data.ts";
import { dayFilter } from "../day_filter.ts";
import type { ApiClient } from "../http/api_client.ts";
import type { LogPageFilter } from "./LogFilters.tsx";
import { linkTo } from "./link_to.ts";

const PAGE_SIZE = 200;

export type LogsPage = Awaited<ReturnType<typeof readLogs>>;

/** What a logs page shows, from its address. `deviceId`: of this router alone. */
export async function readLogs(api: ApiClient, { searchParams }: URL, deviceId?: string) {
  const text = (name: string, most: number) =>
    searchParams.get(name)?.trim().slice(0, most) || undefined;
  const severity = LOG_SEVERITY_NAMES.find((one) => one === text("severity", 20));
  const topic = text("topic", 40);
  const q = text("q", 200);
  const days = dayFilter(searchParams);
  const chosen = { ...(q && { q }), ...(severity && { severity }), ...(topic && { topic }) };
  const filter: LogPageFilter = { ...chosen, ...days.shown };
  const cursor = text("cursor", 2_000);
  const query = { ...chosen, ...days.range, ...(deviceId && { device: deviceId }) };
  const limit = String(PAGE_SIZE);
  const logs = await data(api.logs.$get({ query: { ...query, limit, ...(cursor && { cursor }) } }));
  const isOver = days.range.to !== undefined && Date.parse(days.range.to) <= Date.now();
  return {
    ...{ filter, query, cursor, logs, keep: PAGE_SIZE },
    live: cursor || isOver ? null : {
      ...{ deviceId, severity, topic, q },
      reload: linkTo("/api/logs", { ...query, limit }),
    },
  };
}
