import { type ConfigItem, type ConfigModel, isOn, isSame } from "../config_model.ts";
import { anyHolds } from "./addresses.ts";
import {
  certain,
  type Check,
  type Management,
  type Obstacle,
  possible,
  serviceName,
} from "./management.ts";

const MENU = "/ip/service";

/** The service we log in through; connections that some versions list beside it are not meant. */
export function ourService(model: ConfigModel, us: Management): ConfigItem | undefined {
  return model.items(MENU).find((item) =>
    item["name"] === serviceName(us) && !isOn(item, "dynamic")
  );
}

/** Whether the service that we log in through still takes us. */
export const services: Check = {
  watches: (menu) => menu === MENU,
  look({ model, base, us }) {
    const was = ourService(base, us);
    const now = ourService(model, us);
    if (!was || !now) return [];
    const called = `The service ${serviceName(us)}, by which we log in,`;
    const found: Obstacle[] = [];
    if (isOn(now, "disabled")) found.push(certain("service:off", `${called} is switched off.`));
    if (!isSame(now["port"], was["port"])) {
      found.push(certain("service:port", `${called} moves to port ${now["port"]}.`));
    }
    const allowed = now["address"] ?? "";
    const changed = !isSame(allowed, was["address"]);
    if (allowed !== "" && changed) {
      if (us.sources.length === 0) {
        found.push(possible("service:address", `${called} takes only ${allowed}.`));
      } else if (!us.sources.some((source) => anyHolds(allowed, source))) {
        const reason = `${called} takes only ${allowed}, and we come from ${
          us.sources.join(", ")
        }.`;
        found.push(certain("service:address", reason));
      }
    }
    if (us.tls && !isSame(now["certificate"], was["certificate"])) {
      const reason = `${called} gets another certificate than the one that is trusted.`;
      found.push(
        isSame(now["certificate"], "none")
          ? certain("service:certificate", reason)
          : possible("service:certificate", reason),
      );
    }
    for (const name of ["vrf", "tls-version", "available-from"]) {
      if (!isSame(now[name], was[name])) {
        found.push(possible(`service:${name}`, `${called} gets another ${name}.`));
      }
    }
    return found;
  },
};
