// A plain table with a header row; it scrolls sideways on a narrow screen.
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Sideways } from "./Sideways";

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
  className?: string;
}

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string | number;
}

export function DataTable<Row>({ label, columns, rows, keyOf }: Props<Row>) {
  return (
    <Sideways label={label}>
      <table aria-label={label} className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-line text-xs text-ink-muted">
            {columns.map(({ title }) => (
              <th key={title} scope="col" className="px-3 py-2 font-medium whitespace-nowrap">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={keyOf(row)}
              className="border-b border-line last:border-b-0 hover:bg-raised/50"
            >
              {columns.map(({ title, cell, className }) => (
                <td key={title} className={clsx("px-3 py-2.5 align-middle", className)}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  );
}
