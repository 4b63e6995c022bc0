import { openStream } from "../stream.ts";

/** Calls `onNews` after each piece of news of a job, a few times a second at most; answers how to stop. */
export function followJob(id: string, onNews: () => void): () => void {
  let isWaiting = false;
  let isOver = false;
  const soon = () => {
    if (isWaiting || isOver) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      if (!isOver) onNews();
    }, 500);
  };
  const stop = openStream(`/api/jobs/${id}/stream`, { job: soon, reset: soon }, (state) => {
    // What happened between the page and the stream.
    if (state === "live") soon();
  });
  return () => {
    isOver = true;
    stop();
  };
}
