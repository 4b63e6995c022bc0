import { useEffect } from "preact/hooks";
import { hadSession, renewSession } from "./ask.ts";

/** On the sign-in page: where the session is only asleep, it wakes it and goes on to `next`. */
export default function ResumeSession({ next }: { next: string }) {
  useEffect(() => {
    if (!hadSession()) return;
    void renewSession().then((isAlive) => {
      if (isAlive) location.replace(next);
    }, () => {});
  }, []);
  return null;
}
