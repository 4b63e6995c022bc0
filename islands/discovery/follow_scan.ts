import type { ScanNews } from "@/core/contract/scans.ts";
import { ask, renewSession } from "../ask.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Follows one scan: `onNews` for what comes, `onWhole` with all of it whenever something may have been
 * missed. Reconnects by itself.
 *
 * @returns stops following
 */
export function followScan(
  id: string,
  onNews: (news: ScanNews) => void,
  onWhole: (whole: ScanNews) => void,
): () => void {
  let source: EventSource;
  let pause = FIRST_PAUSE_MS;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const readAnew = async () => {
    const answer = await ask(`/api/discovery/scans/${id}`).catch(() => undefined);
    if (!isOver && answer?.ok) onWhole(await answer.json());
  };
  const connect = () => {
    source = new EventSource(`/api/discovery/scans/${id}/stream`);
    source.addEventListener("open", () => {
      pause = FIRST_PAUSE_MS;
      void readAnew(); // what came between the page and the stream
    });
    source.addEventListener("scan", (message) => onNews(JSON.parse(message.data) as ScanNews));
    source.addEventListener("reset", () => void readAnew());
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
      retry = setTimeout(() => {
        void renewSession().catch(() => {}).then(() => isOver || connect());
      }, pause * (0.7 + 0.6 * Math.random()));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    });
  };
  connect();
  return () => {
    isOver = true;
    clearTimeout(retry);
    source.close();
  };
}
