/** Where a client is: router, port or radio, and what net it is on there. */
export function ClientPlace({ device, port, ssid, vlan, link = true }: {
  device: { id: string; name: string } | null;
  port: string | null;
  ssid: string | null;
  vlan: number | null;
  link?: boolean;
}) {
  const name = <bdi>{device?.name ?? "a router that was removed"}</bdi>;
  return (
    <>
      {device && link
        ? (
          <a
            class="break line-clamp-3 font-medium hover:underline"
            href={`/devices/${device.id}/clients`}
          >
            {name}
          </a>
        )
        : <span class="break font-medium">{name}</span>}
      <div class="break line-clamp-3 text-xs text-text-3">
        {port !== null && <bdi>{port}</bdi>}
        {ssid !== null && (
          <>
            {" · "}
            <bdi>{ssid}</bdi>
          </>
        )}
        {vlan !== null && ` · VLAN ${vlan}`}
      </div>
    </>
  );
}
