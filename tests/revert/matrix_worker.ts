/// <reference lib="webworker" />
import { runRow } from "./shards.ts";

self.onmessage = async ({ data }: MessageEvent<{ row: number; columns?: string[] }>) => {
  for await (const result of runRow(data.row, data)) self.postMessage(result);
  self.postMessage(null);
};
