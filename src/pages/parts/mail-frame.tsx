/** A mail's HTML in a frame that may run nothing: it is what somebody else wrote. Its links open in a tab of their own. */
export function MailFrame({ src, title }: { src: string; title: string }) {
  return (
    <iframe
      className="mail-frame"
      src={src}
      title={title}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
    />
  );
}
