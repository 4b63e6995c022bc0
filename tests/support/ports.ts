/** A TCP port that is free now. Its taker binds it at once: the gap is short and local. */
export function freePort(): Promise<number> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return Promise.resolve(port);
}
