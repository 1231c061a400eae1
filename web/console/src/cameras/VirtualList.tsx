// A list of any length of which only the rows in sight are drawn; all rows are of one height.
import { clsx } from "clsx";
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { rowsInSight, scrollToRow } from "./virtualRows";

/** Until the list has been laid out. */
const ASSUMED_HEIGHT_PX = 640;

interface Props<Row> {
  label: string;
  rows: readonly Row[];
  rowPx: number;
  keyOf: (row: Row) => string;
  /** The row that the keyboard is at: it is kept in sight. */
  active?: number;
  className?: string;
  children: (row: Row, index: number) => ReactNode;
}

export function VirtualList<Row>(props: Props<Row>) {
  const { label, rows, rowPx, keyOf, active, className, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [heightPx, setHeightPx] = useState(ASSUMED_HEIGHT_PX);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measured = new ResizeObserver(() =>
      setHeightPx(element.clientHeight || ASSUMED_HEIGHT_PX),
    );
    measured.observe(element);
    return () => measured.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element || active === undefined) return;
    const height = element.clientHeight || ASSUMED_HEIGHT_PX;
    element.scrollTop = scrollToRow(active, element.scrollTop, height, rowPx);
  }, [active, rowPx]);

  const { first, end } = rowsInSight(scrollTop, heightPx, rowPx, rows.length);
  return (
    <div
      ref={box}
      onScroll={({ currentTarget }) => setScrollTop(currentTarget.scrollTop)}
      className={clsx("overflow-y-auto", className)}
    >
      <ul aria-label={label} className="relative" style={{ height: rows.length * rowPx }}>
        {rows.slice(first, end).map((row, offset) => (
          <li
            key={keyOf(row)}
            aria-setsize={rows.length}
            aria-posinset={first + offset + 1}
            className="absolute inset-x-0"
            style={{ top: (first + offset) * rowPx, height: rowPx }}
          >
            {children(row, first + offset)}
          </li>
        ))}
      </ul>
    </div>
  );
}
