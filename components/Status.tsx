import type { Device, DeviceStatus } from "@/core/contract/device.ts";

/** Word, colour and shape of each status; also for what is drawn by hand. */
export const STATUS_LOOK: Record<
  DeviceStatus | "disabled" | "retired",
  { word: string; tone: string; shape: string }
> = {
  online: { word: "Online", tone: "text-ok", shape: "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1Z" },
  offline: { word: "Offline", tone: "text-bad", shape: "M2 2h8v8H2z" },
  unknown: { word: "Unknown", tone: "text-warn", shape: "M6 1l5.2 9.5H.8z" },
  pending: {
    word: "Pending",
    tone: "text-info",
    shape: "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1Zm0 1.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8Z",
  },
  retired: { word: "Retired", tone: "text-off", shape: "M1 2h10v2H1zM2 5h8v6H2z" },
  disabled: { word: "Disabled", tone: "text-off", shape: "M1 5h10v2H1z" },
};

/** What people see of a router: what they decided comes before what was polled. */
export function shownStatus(
  { status, isEnabled, retiredAt }: Pick<Device, "status" | "isEnabled" | "retiredAt">,
) {
  return retiredAt ? "retired" : isEnabled ? status : "disabled";
}

/** A status is a shape and a word, never a colour alone. */
export function Status({ status }: { status: DeviceStatus | "disabled" | "retired" }) {
  const { word, tone, shape } = STATUS_LOOK[status];
  return (
    <span class={`inline-flex items-center gap-1.5 whitespace-nowrap font-medium ${tone}`}>
      <svg width="10" height="10" viewBox="0 0 12 12" fill="currentColor" aria-hidden="true">
        <path d={shape} />
      </svg>
      {word}
    </span>
  );
}
