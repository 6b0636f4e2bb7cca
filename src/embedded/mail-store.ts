/** The inbox's mails in a JSON-lines file: each is on disk before it is acknowledged, and the last so many are kept. */
import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';

export interface InboxMail {
  /** Ascending; newer mails have higher ones. */
  id: number;
  /** Wall milliseconds at which it came. */
  at: number;
  /** The envelope's recipients and sender. */
  to: string[];
  from: string;
  subject: string;
  messageId: string;
  /** By lower-case name; of several of one name, the first. */
  headers: Record<string, string>;
  text: string;
  html: string;
}

export class MailStore {
  private mails: InboxMail[] = [];
  private lines = 0;
  private nextId = 1;
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly file: string,
    private readonly keep: number,
  ) {}

  /** A last line cut off by a crash was never acknowledged; it is left out. */
  static async open(file: string, keep: number): Promise<MailStore> {
    const store = new MailStore(file, keep);
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const mail = parseLine(line);
      if (mail) store.mails.push(mail);
    }
    store.mails = store.mails.slice(-keep);
    store.nextId = (store.mails.at(-1)?.id ?? 0) + 1;
    if (text !== '') await store.rewrite();
    return store;
  }

  /** Resolves when the mail is in the file. */
  add(mail: Omit<InboxMail, 'id'>): Promise<InboxMail> {
    const kept: InboxMail = { id: this.nextId++, ...mail };
    return this.inTurn(async () => {
      await appendFile(this.file, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
      this.mails.push(kept);
      if (this.mails.length > this.keep) this.mails.shift();
      if (++this.lines > 2 * this.keep) await this.rewrite();
      return kept;
    });
  }

  all(): readonly InboxMail[] {
    return this.mails;
  }

  /** Removes the mails for which `unwanted` says so; resolves with their number when the file holds none of them. */
  remove(unwanted: (mail: InboxMail) => boolean): Promise<number> {
    return this.inTurn(async () => {
      const before = this.mails.length;
      this.mails = this.mails.filter((mail) => !unwanted(mail));
      if (this.mails.length < before || this.lines > this.mails.length) await this.rewrite();
      return before - this.mails.length;
    });
  }

  settled(): Promise<void> {
    return this.writing;
  }

  private async rewrite(): Promise<void> {
    const half = `${this.file}.half`;
    await writeFile(half, this.mails.map((mail) => `${JSON.stringify(mail)}\n`).join(''), { mode: 0o600 });
    await rename(half, this.file);
    this.lines = this.mails.length;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.writing.then(work);
    this.writing = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }
}

function parseLine(line: string): InboxMail | undefined {
  try {
    return line === '' ? undefined : (JSON.parse(line) as InboxMail);
  } catch {
    return undefined;
  }
}
