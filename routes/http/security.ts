import type { MiddlewareHandler } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";

export interface SecurityOptions {
  isDevelopment: boolean;
  /** `sha256-…` of the import map of the client build. */
  importmapHash?: string | undefined;
}

/** Strict CSP: scripts by file and hash, styles by file and nonce, nothing inline, nothing foreign. */
export function securityHeaders(
  { isDevelopment, importmapHash }: SecurityOptions,
): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      formAction: ["'self'"],
      imgSrc: ["'self'", "data:"],
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
