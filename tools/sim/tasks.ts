import type { Task } from "./menu.ts";
import { PowerGone } from "./moments.ts";
import type { SimRouter } from "./router.ts";

/**
 * Runs work to its end, waiting where it waits; a reboot ends it unheard.
 *
 * @param done told how it ended: an error, or the value of `!done`
 */
export function run(
  router: SimRouter,
  task: Task,
  done: (error: unknown, ret?: string) => void,
): void {
  const { boots } = router;
  const go = () => {
    if (router.boots !== boots) return done(new PowerGone());
    let step: IteratorResult<number, string | undefined>;
    try {
      step = task.next();
    } catch (error) {
      return done(error);
    }
    if (step.done) return done(undefined, step.value);
    router.time.setTimeout(go, step.value);
  };
  go();
}
