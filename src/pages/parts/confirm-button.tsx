/** A button that changes something: it first says in a dialog what will happen, and shows there what went wrong. */
import { useId, useRef, type ReactNode } from 'react';

interface Props {
  /** On the button that opens the dialog. */
  label: ReactNode;
  /** For screen readers, where the label alone does not say what it is about. */
  name?: string;
  title: string;
  children: ReactNode;
  confirm: string;
  danger?: boolean;
  small?: boolean;
  change: { mutateAsync: () => Promise<unknown>; isPending: boolean; error: Error | null; reset: () => void };
}

export function ConfirmButton({ label, name, title, children, confirm, danger, small, change }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const close = () => dialog.current?.close();

  async function act(): Promise<void> {
    // What went wrong is shown in the dialog, by the change's own `error`.
    await change.mutateAsync().then(close, () => undefined);
  }

  return (
    <>
      <button
        type="button"
        className={`button${danger ? ' button-danger' : ''}${small ? ' button-small' : ''}`}
        aria-label={name}
        onClick={() => {
          change.reset();
          dialog.current?.showModal();
        }}
      >
        {label}
      </button>
      <dialog ref={dialog} className="dialog" aria-labelledby={`${id}-title`} aria-describedby={`${id}-says`}>
        <h2 id={`${id}-title`}>{title}</h2>
        <div id={`${id}-says`} className="dialog-says">
          {children}
        </div>
        {change.error && (
          <p className="dialog-error" role="alert">
            {change.error.message}
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className={`button ${danger ? 'button-danger-full' : 'button-main'}`}
            disabled={change.isPending}
            onClick={() => void act()}
          >
            {change.isPending ? 'Working …' : confirm}
          </button>
        </div>
      </dialog>
    </>
  );
}
