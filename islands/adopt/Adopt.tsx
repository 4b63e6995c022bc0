import { useSignal } from "@preact/signals";
import type { ProfileChoice } from "@/core/contract/credentials.ts";
import type { Device, NewDevice } from "@/core/contract/device.ts";
import type { HostFindings } from "@/core/contract/discovery.ts";
import type { TagChip } from "@/core/contract/tags.ts";
import { useChange } from "../settings/use_change.ts";
import { AddressStep } from "./(_components)/AddressStep.tsx";
import { DetailsStep } from "./(_components)/DetailsStep.tsx";
import { FirstReading } from "./(_components)/FirstReading.tsx";
import { Findings } from "./(_components)/Findings.tsx";
import { type Login, LoginStep, type Reached } from "./(_components)/LoginStep.tsx";
import { Stepper } from "./(_components)/Stepper.tsx";

export interface AdoptProps {
  /** Where "Done" leads; the router's own page when absent. */
  next?: string;
  /** Prefilled, for a router that was found. */
  address?: string;
  /** Whose poller reaches it. */
  region?: string;
  /** Paths of the sites there are. */
  sites: string[];
  /** Credential profiles to choose from. */
  profiles: ProfileChoice[];
  /** Tags to choose from, and whether new ones may be named. */
  known: { tags: TagChip[]; mayMake: boolean };
  /** Groups whose members are chosen. */
  groups: { id: string; name: string }[];
}

type Step =
  | { name: "address" }
  | { name: "login"; findings: HostFindings; region: string }
  | { name: "details"; findings: HostFindings; region: string; login: Login; reached: Reached }
  | { name: "reading"; device: Device };

const STEPS = [
  ["address", "Address"],
  ["login", "Login"],
  ["details", "Name and place"],
  ["reading", "First reading"],
] as const;

/** Adopts a router step by step: what answers, a login that works, and a first reading to prove it. */
export default function Adopt(
  { next, address = "", region = "default", sites, profiles, known, groups }: AdoptProps,
) {
  const step = useSignal<Step>({ name: "address" });
  const typed = useSignal({ address, port: "", region });
  const change = useChange();
  const now = step.value;

  async function examine() {
    const { address, port, region } = typed.value;
    const body = { address: address.trim(), region, ...(port && { port: Number(port) }) };
    const result = await change.run<HostFindings>("POST", "/api/devices/examine", body);
    if (result) step.value = { name: "login", findings: result.body, region };
  }
  async function add(details: Partial<NewDevice>) {
    if (now.name !== "details") return;
    const { findings, login, region } = now;
    const result = await change.run<Device>("POST", "/api/devices", {
      ...{ address: findings.address, region, ...login },
      ...details,
    });
    if (result) step.value = { name: "reading", device: result.body };
  }

  return (
    <div class="grid gap-4">
      <Stepper steps={STEPS} at={now.name} />
      {now.name === "address" && (
        <AddressStep
          typed={typed}
          isBusy={change.isBusy.value}
          onNext={() => void examine()}
        />
      )}
      {now.name === "login" && (
        <>
          <Findings findings={now.findings} />
          <LoginStep
            findings={now.findings}
            region={now.region}
            profiles={profiles}
            onBack={() => step.value = { name: "address" }}
            onNext={(login, reached) => step.value = { ...now, name: "details", login, reached }}
          />
        </>
      )}
      {now.name === "details" && (
        <DetailsStep
          sites={sites}
          known={known}
          groups={groups}
          reached={now.reached}
          isBusy={change.isBusy.value}
          onBack={() => step.value = { ...now, name: "login" }}
          onNext={(details) => void add(details)}
        />
      )}
      {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
      {now.name === "reading" && (
        <FirstReading
          device={now.device}
          next={next ?? `/devices/${now.device.id}`}
          onAnother={() => {
            typed.value = { ...typed.value, address: "", port: "" };
            step.value = { name: "address" };
          }}
        />
      )}
    </div>
  );
}
