import type { MiddlewareHandler } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";

export interface SecurityOptions {
  isDevelopment: boolean;
  /** `sha256-…` of the import map of the client build. */
  importmapHash?: string | undefined;
  /** Address of map tiles; the map's page alone may load pictures from its origin. */
  tilesUrl?: string | undefined;
}

/** Strict CSP: scripts by file and hash, styles by file and nonce, nothing inline, nothing foreign. */
export function securityHeaders(
  { tilesUrl, ...options }: SecurityOptions,
): MiddlewareHandler {
  const strict = withPictures(options, []);
  const origin = tilesUrl?.startsWith("/") ? undefined : tilesUrl && new URL(tilesUrl).origin;
  const map = origin ? withPictures(options, [origin]) : strict;
  return (c, next) => (c.req.path === "/map" ? map : strict)(c, next);
}

function withPictures(
  { isDevelopment, importmapHash }: SecurityOptions,
  pictures: readonly string[],
): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      formAction: ["'self'"],
      imgSrc: ["'self'", "data:", ...pictures],
      fontSrc: ["'self'"],
      manifestSrc: ["'self'"],
      scriptSrc: ["'self'", ...(importmapHash ? [`'${importmapHash}'`] : [])],
      workerSrc: ["'self'"],
      styleSrc: isDevelopment ? ["'self'", "'unsafe-inline'"] : ["'self'", NONCE],
      connectSrc: ["'self'", ...(isDevelopment ? ["ws:"] : [])],
    },
    crossOriginOpenerPolicy: "same-origin",
    crossOriginResourcePolicy: "same-origin",
    referrerPolicy: "same-origin",
    xFrameOptions: "DENY",
    strictTransportSecurity: false, // plain HTTP on loopback; a proxy with TLS sets it
    permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
  });
}
