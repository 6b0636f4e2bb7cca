/** Takes out of text what names a person or opens a door: mail addresses, telephone numbers, passwords, tokens, keys. */

const masks: [RegExp, string][] = [
  // With user and password, as in the address of a store. Before mail addresses: what follows the @ is kept.
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@"'\\]*@/gi, '$1(…)@'],
  // Begun at the begin of a word only, so that a long one without an @ is read once.
  [/(?<![^\s@<>"'(),;:=/\\])[^\s@<>"'(),;:=/\\]+@[^\s@<>"'(),;:\\]+\.[^\s@<>"'(),;:\\]+/g, '…@…'],
  // E.164 and what people write for it; never a part of a longer number or of a time.
  [/(?<![\w+.:-])\+\d[\d ().-]{6,18}\d(?![\w:])/g, '+…'],
  [/\b(Bearer|Basic) +[\w.~+/=-]+/gi, '$1 …'],
  // But for the ids of keys, which open nothing and say which one it was.
  [/\b(?!key_[0-9a-f]{12}(?![\w-]))((?:bk|wk|sk|pk|key|secret|signing)_)[\w-]{12,}/gi, '$1…'],
  // What messages link to: unsubscribe and click tokens.
  [/(\/[ut]\/)[\w.~-]{16,}/g, '$1…'],
];

export function masked(text: string): string {
  let result = text;
  for (const [what, by] of masks) result = result.replace(what, by);
  return result;
}
