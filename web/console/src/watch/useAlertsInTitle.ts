// A console behind another tab says in its name that somebody should look.
import { useEffect } from "react";

export function useAlertsInTitle(count: number): void {
  useEffect(() => {
    if (count === 0) return;
    const title = document.title;
    document.title = `(${count}) ALERTA DE PLACA · ${title}`;
    return () => {
      document.title = title;
    };
  }, [count]);
}
