// Reads by day of the week and hour as a table whose cells are the brighter the more was read.

const DAYS = ["Segunda", "Terça", "Quarta", "Quinta", "Sexta", "Sábado", "Domingo"];

export function Heat({ heat }: { heat: number[][] }) {
  const most = Math.max(1, ...heat.flat());
  return (
    // Wider than a phone: it scrolls by touch and, focused, by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Dia da semana e hora">
      <table className="w-full min-w-[720px] table-fixed border-separate border-spacing-0.5 text-center text-xs">
        <thead>
          <tr className="text-ink-muted">
            <th scope="col" className="w-20 text-left font-medium">
              Dia
            </th>
            {Array.from({ length: 24 }, (_, hour) => (
              <th key={hour} scope="col" className="font-medium">
                {hour}h
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {DAYS.map((day, row) => (
            <tr key={day}>
              <th scope="row" className="text-left font-medium text-ink-soft">
                {day}
              </th>
              {heat[row]?.map((reads, hour) => (
                <td
                  key={hour}
                  title={`${day}, ${hour}h: ${reads.toLocaleString("pt-BR")} leituras`}
                  className="h-7 rounded-sm tabular-nums"
                  style={{
                    // Never brighter than white words can be read on.
                    backgroundColor: `color-mix(in srgb, #1a5fd0 ${Math.round((reads / most) * 100)}%, var(--color-raised))`,
                  }}
                >
                  {compact(reads)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function compact(reads: number): string {
  if (reads === 0) return "";
  return reads < 1000 ? String(reads) : `${Math.round(reads / 1000)}k`;
}
