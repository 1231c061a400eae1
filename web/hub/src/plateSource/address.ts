// What the technician types into the camera, so that its pushes reach the box.

export interface PushAddress {
  /** Host and port. */
  host: string;
  port: string;
  path: string;
  url: string;
}

/** Where the box has not said where it is. */
const UNKNOWN_HOST = "IP-DA-CAIXA:8081";

/** The firmwares of these know no other path (ITSAPI). */
const FIXED_PATH = "/NotificationInfo/TollgateInfo";

export const hasFixedPath = (vendor: string): boolean =>
  vendor === "dahua" || vendor === "intelbras";

/** One for each network that the box is on. */
export function pushAddresses(vendor: string, boxes: readonly string[]): PushAddress[] {
  const path = pathOf(vendor);
  return (boxes.length > 0 ? boxes : [UNKNOWN_HOST]).map((box) => {
    const [host = "", port = ""] = box.split(":");
    return { host, port, path, url: `http://${box}${path}` };
  });
}

function pathOf(vendor: string): string {
  if (hasFixedPath(vendor)) return FIXED_PATH;
  return vendor ? `/lpr/${vendor}` : "/lpr/FABRICANTE";
}
