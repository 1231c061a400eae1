// The makers of plate cameras, by the names that box and hub have for them.

const VENDORS: Record<string, string> = {
  hikvision: "Hikvision",
  intelbras: "Intelbras",
  dahua: "Dahua",
  pumatronix: "Pumatronix",
  axis: "Axis",
  platerecognizer: "Plate Recognizer",
  openalpr: "OpenALPR",
  generic: "Outra, em JSON",
};

export const vendorLabel = (vendor: string): string => VENDORS[vendor] ?? vendor;

/** For a list to choose from. */
export const VENDOR_CHOICES = Object.entries(VENDORS);
