import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";

/** Loads a chunk of its own once it runs: the import map alone vouches for it. */
export default function Lazy() {
  const text = useSignal("loading");
  useEffect(() => {
    import("../late.ts").then(
      ({ arrived }) => text.value = arrived,
      () => text.value = "refused",
    );
  }, []);
  return <p data-testid="lazy">{text}</p>;
}
