// The purpose of whoever is logged in.
import { usePurpose as usePurposeOf } from "@gtvision/shared/plates";
import { useUser } from "../auth/useUser";

export function usePurpose(): [string, (purpose: string) => void] {
  return usePurposeOf(useUser()?.id);
}
