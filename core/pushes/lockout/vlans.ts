import { type ConfigItem, type ConfigModel, isOn } from "../config_model.ts";
import { typedInterface } from "./way_in.ts";

/**
 * Whether frames of `vlan` get from the port to the bridge itself. `unknown` where it depends on the
 * port and which it is, is not known.
 */
export function vlanPasses(
  model: ConfigModel,
  bridge: string,
  /** `null`: without a tag on the bridge itself. */
  vlan: number | null,
  port: string | null,
): "yes" | "no" | "unknown" {
  const itself = typedInterface(model, bridge, "bridge");
  if (!isOn(itself, "vlan-filtering")) return "yes";
  const own = Number(itself?.["pvid"] ?? 1);
  const id = vlan ?? own;
  const tagged = new Set(
    model.live("/interface/bridge/vlan")
      .filter((item) => item["bridge"] === bridge && inList(item["vlan-ids"] ?? "", id))
      .flatMap((item) => [...listOf(item["tagged"]), ...listOf(item["current-tagged"])]),
  );
  const reachesBridge = vlan === null ? !takesTaggedOnly(itself) : tagged.has(bridge);
  if (!reachesBridge) return "no";
  const ports = model.live("/interface/bridge/port").filter((item) => item["bridge"] === bridge);
  const passes = (item: ConfigItem) =>
    tagged.has(item["interface"] ?? "") ||
    (Number(item["pvid"] ?? 1) === id && !takesTaggedOnly(item));
  const known = ports.find((item) => item["interface"] === port);
  if (known) return passes(known) ? "yes" : "no";
  const count = ports.filter(passes).length;
  return count === ports.length ? "yes" : count === 0 ? "no" : "unknown";
}

const takesTaggedOnly = (item: ConfigItem | undefined) =>
  item?.["frame-types"] === "admit-only-vlan-tagged";
const listOf = (text: string | undefined) => (text ?? "").split(",").filter(Boolean);

/** `10,20-29` */
function inList(list: string, id: number): boolean {
  return listOf(list).some((part) => {
    const [low, high = low] = part.split("-").map(Number);
    return id >= low! && id <= high!;
  });
}
