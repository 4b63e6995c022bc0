import type { ComponentChildren } from "preact";
import { celsius, dbm, UNKNOWN, utc, volt } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import type { SensorReading } from "@/core/contract/sample.ts";
import { page } from "@/web/define.ts";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { readDevice } from "../read_device.ts";
import { DeviceFrame } from "./(_components)/DeviceFrame.tsx";

export const handler = define.handlers({
  async GET({ params, state: { api, me } }) {
    const param = { id: params["id"]! };
    const [device, state] = await Promise.all([
      readDevice(api, param.id),
      data(api.devices[":id"].state.$get({ param })),
    ]);
    const { sensors, optics, poe, packages } = state;
    return page({
      mayEdit: may(me, "devices:write"),
      device,
      sensors,
      optics,
      poe,
      packages,
      renderedAt: Date.now(),
    });
  },
});

export const title = ({ device }: { device: { name: string } }) => `Hardware of ${device.name}`;

const UNITS = {
  temperature: " °C",
  voltage: " V",
  current: " A",
  power: " W",
  fan: " RPM",
  state: "",
  other: "",
};

export default define.page<typeof handler>(({ data }) => {
  const { mayEdit, device, sensors, optics, poe, packages, renderedAt } = data;
  return (
    <DeviceFrame mayEdit={mayEdit} device={device} tab="Hardware" renderedAt={renderedAt}>
      <div class="grid gap-4 lg:grid-cols-2">
        <Box title="Board">
          <Fact label="Board">{device.boardName}</Fact>
          <Fact label="Model">{device.model}</Fact>
          <Fact label="Serial number">{device.serialNumber}</Fact>
          <Fact label="Architecture">{device.architecture}</Fact>
          <Fact label="RouterOS">{device.version}</Fact>
          <Fact label="RouterBOOT">
            {device.firmwareCurrent}
            {device.firmwareUpgrade && device.firmwareUpgrade !== device.firmwareCurrent &&
              ` (${device.firmwareUpgrade} is available)`}
          </Fact>
          <Fact label="TLS">{device.tlsMode}</Fact>
          <Fact label="Certificate">
            {device.tlsFingerprint && <code>{device.tlsFingerprint}</code>}
          </Fact>
          <Fact label="Added">
            <span title={utc(device.createdAt)}>{local(device.createdAt)}</span>
          </Fact>
        </Box>
        <Box title="Sensors" empty="This board reports no sensor.">
          {(sensors?.data ?? []).map((sensor) => (
            <Fact key={sensor.name} label={sensor.name}>{reading(sensor)}</Fact>
          ))}
        </Box>
        <Box title="Packages" empty="Packages were not read yet.">
          {(packages?.data ?? []).map(({ name, version, isDisabled }) => (
            <Fact key={name} label={name}>{isDisabled ? `${version} (disabled)` : version}</Fact>
          ))}
        </Box>
        {poe !== null && poe.data.length > 0 && (
          <Box title="PoE out">
            {poe.data.map((port) => (
              <Fact key={port.interface} label={port.interface}>
                {port.status}
                {port.powerW !== null && `, ${port.powerW} W at ${volt(port.voltageV)}`}
              </Fact>
            ))}
          </Box>
        )}
      </div>
      {optics !== null && optics.data.length > 0 && (
        <ScrollArea label="Optics" class="mt-4">
          <table class="table">
            <caption class="px-3 pt-3 text-left font-semibold">Optics</caption>
            <thead>
              <tr>
                <th scope="col">Port</th>
                <th scope="col">Module</th>
                <th scope="col" class="num">Wavelength</th>
                <th scope="col" class="num">Temp.</th>
                <th scope="col" class="num">Tx power</th>
                <th scope="col" class="num">Rx power</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {optics.data.map((optic) => (
                <tr key={optic.interface}>
                  <td class="font-medium">{optic.interface}</td>
                  <td>
                    <bdi>{[optic.vendor, optic.partNumber].filter(Boolean).join(" ")}</bdi>
                  </td>
                  <td class="num">{optic.wavelengthNm ? `${optic.wavelengthNm} nm` : UNKNOWN}</td>
                  <td class="num">{celsius(optic.temperatureC)}</td>
                  <td class="num">{dbm(optic.txPowerDbm)}</td>
                  <td class="num">{dbm(optic.rxPowerDbm)}</td>
                  <td>
                    {!optic.isPresent
                      ? "No module"
                      : optic.rxLoss
                      ? <span class="text-bad">No light</span>
                      : optic.txFault
                      ? <span class="text-bad">Transmit fault</span>
                      : <span class="text-ok">OK</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </DeviceFrame>
  );
});

function reading({ kind, value, state }: SensorReading) {
  if (state !== null) return <span class={state === "fail" ? "text-bad" : "text-ok"}>{state}</span>;
  return `${value ?? UNKNOWN}${UNITS[kind]}`;
}

function Box({ title, empty, children }: {
  title: string;
  /** Said where there is no fact. */
  empty?: string;
  children: ComponentChildren;
}) {
  const isEmpty = Array.isArray(children) && children.length === 0;
  return (
    <section class="panel p-4">
      <h2 class="mb-2 font-semibold">{title}</h2>
      {isEmpty
        ? <p class="text-text-2">{empty}</p>
        : (
          <dl class="grid grid-cols-[fit-content(50%)_minmax(0,1fr)] gap-x-4 gap-y-1.5">
            {children}
          </dl>
        )}
    </section>
  );
}

function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <>
      <dt class="break text-text-3">
        <bdi>{label}</bdi>
      </dt>
      <dd>{children || UNKNOWN}</dd>
    </>
  );
}
