/** The page to choose on what one gets. It works without scripts, and says after each change what is now so. */
import { html, nothing, page, type Html } from './html';

export interface PreferencesView {
  /** The sender's name. */
  from: string;
  topics: { id: string; label: string; granted: boolean }[];
  /** All marketing was stopped; what was chosen after that comes all the same. */
  allOut: boolean;
  /** After a change. */
  saved?: boolean;
}

export function preferencesPage(view: PreferencesView): string {
  const { from, topics, saved = false } = view;
  return page(
    'Choose what you get',
    html`${saved ? html`<p class="said" role="status">Saved. ${now(view)}</p>` : nothing}
      <h1>Choose what you get</h1>
      <p>Marketing messages from ${from}. Those about your account and your orders come in any case.</p>
      ${!saved && view.allOut && !topics.some(({ granted }) => granted) ? html`<p>${now(view)}</p>` : nothing}
      ${topics.length > 0 ? topicForm(topics) : nothing} ${everything(view)}`,
    from,
  );
}

/** What it was is sent along: only what somebody changed is saved, also from a page that was open for long. */
function topicForm(topics: PreferencesView['topics']): Html {
  const boxes = topics.map(({ id, label, granted }) => {
    const checked = granted ? html` checked` : nothing;
    return html`<label><input type="checkbox" name="want" value="${id}" ${checked} /> ${label}</label>`;
  });
  const before = topics.map(
    ({ id, granted }) => html`<input type="hidden" name="${granted ? 'had' : 'had_not'}" value="${id}" />`,
  );
  return html`<form method="post" autocomplete="off">
    <fieldset>
      <legend>Send me</legend>
      ${boxes}
    </fieldset>
    ${before}<button type="submit">Save</button>
  </form>`;
}

function everything({ from, topics, allOut }: PreferencesView): Html {
  const stop = html`<section>
    <h2>Everything</h2>
    <p class="quiet">Stops all marketing messages from ${from}, also of topics to come.</p>
    <form method="post"><button type="submit" class="second" name="all" value="out">Unsubscribe from all</button></form>
  </section>`;
  const again = html`<section>
    <h2>Everything</h2>
    <p class="quiet">Marketing messages come again, but for topics that you turned off one by one.</p>
    <form method="post"><button type="submit" class="second" name="all" value="in">Subscribe again</button></form>
  </section>`;
  return allOut && !topics.some(({ granted }) => granted) ? again : stop;
}

function now({ from, topics, allOut }: PreferencesView): string {
  const granted = topics.filter((topic) => topic.granted).map(({ label }) => `“${label}”`);
  if (granted.length > 0) return `You get: ${granted.join(', ')}.`;
  if (allOut) return `You are unsubscribed from all marketing messages from ${from}.`;
  return topics.length > 0 ? 'You get messages about none of these.' : `You get marketing messages from ${from}.`;
}

export function notThisFormPage(): string {
  return page(
    'Not saved',
    html`<h1>Nothing was saved</h1>
      <p>What was sent is not what this page asks. <a href="?preferences">Open it once more</a>, and choose again.</p>`,
  );
}
