import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Everything comes from here. Bull Board's page asks for a font of Google's: it is not loaded, and nobody there learns
 * who looks. Its styles are partly inline; its scripts are not.
 */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Says nothing over plain HTTP; whoever puts TLS in front decides about it.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
}
