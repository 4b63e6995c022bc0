import { useEffect } from "preact/hooks";
import { type Signal, useSignal } from "@preact/signals";
import { SecretKeyStore } from "./secret_key_store.ts";

export interface OwnKey {
  /** As typed or as this browser keeps it. */
  readonly typed: Signal<string>;
  /** This browser has none for the account: it must be typed. */
  readonly isNeeded: Signal<boolean>;
}

/** The Secret Key of who is signed in, from this browser's store where it is there. */
export function useOwnKey(accountId: string): OwnKey {
  const typed = useSignal("");
  const isNeeded = useSignal(false);
  useEffect(() => {
    void new SecretKeyStore().list().catch(() => []).then((accounts) => {
      typed.value = accounts.find((one) => one.accountId === accountId)?.secretKey ?? "";
      isNeeded.value = typed.value === "";
    });
  }, []);
  return { typed, isNeeded };
}
