import { useEffect } from "preact/hooks";
import { noteSession, renewSession } from "./ask.ts";

/** Well before the access token's 15 minutes are over. */
const EVERY_MS = 10 * 60_000;

/** Keeps the session of an open page alive; draws nothing. */
export default function SessionKeeper() {
  useEffect(() => {
    noteSession(true);
    let last = Date.now();
    const renew = () => {
      last = Date.now();
      // Offline, or over: the next request finds out and says so.
      void renewSession().catch(() => {});
    };
    const timer = setInterval(renew, EVERY_MS);
    // A laptop that was asleep had no timers.
    const onVisible = () => {
      if (document.visibilityState === "visible" && Date.now() - last > EVERY_MS) renew();
    };
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, []);
  return null;
}
