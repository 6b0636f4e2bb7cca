/** The name and its mark. */
export function Mark() {
  return (
    <span className="mark">
      <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="8" />
        <path d="M8 22c0-6 5-4 8-6s2-7 8-7" />
        <circle cx="8" cy="23" r="2.8" />
        <circle className="mark-end" cx="24" cy="9" r="2.8" />
      </svg>
      <span className="mark-name">Sojourn</span>
    </span>
  );
}
