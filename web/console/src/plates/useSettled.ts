// What somebody types, once they have stopped typing.
import { useEffect, useState } from "react";

const SETTLED_MS = 500;

export function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
