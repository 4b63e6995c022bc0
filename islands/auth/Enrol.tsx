import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { Enrolled, Enrolment, LinkInfo } from "@/core/contract/auth.ts";
import { formatSecretKey, makeSecretKey } from "@/core/srp/secret_key.ts";
import type { z } from "zod";
import { Alert } from "./(_components)/Alert.tsx";
import { EnrolForm, type EnrolInput } from "./(_components)/EnrolForm.tsx";
import { KitStep } from "./(_components)/KitStep.tsx";
import { Progress } from "./(_components)/Progress.tsx";
import { RecoveryCodes } from "./(_components)/RecoveryCodes.tsx";
import { explain, get, post } from "./api.ts";
import { whatBrowserLacks } from "./derive.ts";
import type { EmergencyKit } from "./emergency_kit.ts";
import { SecretKeyStore } from "./secret_key_store.ts";
import { makeEnrolment } from "./secrets.ts";

type Step =
  | { name: "reading" }
  | { name: "refused"; problem: string }
  | { name: "form"; info: LinkInfo }
  | { name: "kit"; info: LinkInfo; kit: EmergencyKit; enrolment: Enrolment }
  | { name: "codes"; info: LinkInfo; kit: EmergencyKit; codes: string[] };

/**
 * Enrols by a one-time link, whose token stands behind `#` and so in no log. The kit is saved before
 * anything is stored: nobody ends up with an account that their Secret Key does not open, and a page
 * closed halfway leaves the link unused.
 */
export default function Enrol({ signInPath = "/login" }: { signInPath?: string }) {
  const token = useSignal("");
  const step = useSignal<Step>({ name: "reading" });
  const isBusy = useSignal(false);
  const estimateMs = useSignal<number | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);

  useEffect(() => {
    token.value = location.hash.slice(1);
    void readLink();
  }, []);

  async function readLink() {
    const lack = whatBrowserLacks();
    const refused = lack ??
      (token.value
        ? undefined
        : "This link is not complete: open it whole, as it was sent to you.");
    try {
      if (refused) throw new Error(refused);
      const info = await get<LinkInfo>("/api/auth/link", { "x-link-token": token.value });
      step.value = { name: "form", info };
    } catch (error) {
      step.value = { name: "refused", problem: explain(error) };
    }
  }

  /** Runs one step, with progress, and shows what went wrong with it. */
  async function attempt(work: () => Promise<Step>) {
    isBusy.value = true;
    problem.value = undefined;
    estimateMs.value = undefined;
    try {
      step.value = await work();
    } catch (error) {
      problem.value = explain(error);
    } finally {
      isBusy.value = false;
    }
  }

  const derive = (info: LinkInfo, { password, ...person }: EnrolInput) =>
    attempt(async () => {
      const secretKey = makeSecretKey();
      const verifier = await makeEnrolment(
        info.identity,
        { password, secretKey },
        (ms) => estimateMs.value = ms,
      );
      const kit = {
        email: info.email ?? person.email ?? "",
        signInUrl: new URL(signInPath, location.origin).href,
        secretKey: formatSecretKey(secretKey),
        madeAt: new Date(),
      };
      return { name: "kit", info, kit, enrolment: { ...verifier, ...person } };
    });

  const enrol = ({ info, kit, enrolment }: Extract<Step, { name: "kit" }>) =>
    attempt(async () => {
      const { accountId, recoveryCodes: codes } = await post<z.infer<typeof Enrolled>>(
        "/api/auth/enrol",
        enrolment,
        { headers: { "x-link-token": token.value } },
      );
      history.replaceState(null, "", location.pathname + location.search);
      const { email, secretKey } = kit;
      await new SecretKeyStore().remember({ accountId, email, secretKey, usedAt: new Date() })
        .catch(() => {}); // the kit is saved: a browser without storage asks for the key
      return { name: "codes", info, kit, codes };
    });

  const now = step.value;
  if (now.name === "reading") return <p role="status" class="text-text-2">Reading your link…</p>;
  if (now.name === "refused") {
    return (
      <div class="grid gap-4">
        <Alert text={now.problem} />
        <p class="text-text-2">Ask whoever sent it for a new link.</p>
        <a href={signInPath} class="underline">To the sign-in page</a>
      </div>
    );
  }
  if (now.name === "codes") {
    const isSignedIn = now.info.purpose !== "recover";
    return (
      <RecoveryCodes
        codes={now.codes}
        email={now.kit.email}
        goOn={now.info.purpose === "setup" ? "Go on" : isSignedIn ? "Open TOD" : "Sign in"}
        onDone={() =>
          location.assign(now.info.purpose === "setup" ? "/setup" : isSignedIn ? "/" : signInPath)}
      />
    );
  }
  return (
    <div class="grid gap-4">
      {now.name === "form"
        ? (
          <EnrolForm
            info={now.info}
            isBusy={isBusy.value}
            onSubmit={(input) => void derive(now.info, input)}
          />
        )
        : <KitStep kit={now.kit} onSaved={() => void enrol(now)} />}
      {isBusy.value && now.name === "form" && (
        <Progress label="Making your keys" estimateMs={estimateMs.value} />
      )}
      <Alert text={problem.value} />
    </div>
  );
}
