import { useEffect } from "preact/hooks";
import { renewSession } from "./ask.ts";

/** On the sign-in page: where the session is only asleep, it wakes it and goes on to `next`. */
export default function ResumeSession({ next }: { next: string }) {
  useEffect(() => {
    void renewSession().then((isAlive) => {
      if (isAlive) location.replace(next);
    }, () => {});
  }, []);
  return null;
}
