/** Data as it is, for whoever wants to see it. */
export function Raw({ data, name }: { data: unknown; name: string }) {
  return (
    <pre className="raw" tabIndex={0} role="region" aria-label={name}>
      {JSON.stringify(data, null, 2)}
    </pre>
  );
}
