// The person signed in, for components inside the shell (which nobody sees signed out).
import { useSyncExternalStore } from "react";
import { session } from "../api/client";
import type { User } from "../api/types";

export function useUser(): User | null {
  return useSyncExternalStore(
    (listener) => session.subscribe(listener),
    () => session.user,
  );
}
