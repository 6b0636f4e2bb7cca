/** PostgreSQL takes 65,535 parameters a statement; rows beyond what that holds go in several. */
const rowsAtOnce = 1_000;

export function chunksOf<T>(rows: readonly T[], size = rowsAtOnce): T[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}
