/** Which address shows which page. */
import { Route, Switch } from 'wouter';
import { ErrorBoundary } from './frame/error-boundary';
import { Layout } from './frame/layout';
import { NotFound } from './frame/not-found';
import { SessionGate } from './frame/session-gate';
import { InboxPage } from './inbox/inbox-page';
import { JourneyPage } from './journeys/journey-page';
import { JourneysPage } from './journeys/journeys-page';
import { MessagePage } from './messages/message-page';
import { MessagesPage } from './messages/messages-page';
import { OverviewPage } from './overview/overview-page';
import { PeoplePage } from './people/people-page';
import { PersonPage } from './people/person-page';
import { SettingsPage } from './settings/settings-page';

export function App() {
  return (
    <ErrorBoundary>
      <SessionGate>
        <Layout>
          <Switch>
            <Route path="/" component={OverviewPage} />
            <Route path="/journeys" component={JourneysPage} />
            <Route path="/journeys/:id">{({ id }) => <JourneyPage key={id} id={id} />}</Route>
            <Route path="/people" component={PeoplePage} />
            <Route path="/people/*" component={PersonPage} />
            <Route path="/messages" component={MessagesPage} />
            <Route path="/messages/:id">{({ id }) => <MessagePage key={id} id={id} />}</Route>
            <Route path="/inbox/:id?">{({ id }) => <InboxPage id={id} />}</Route>
            <Route path="/settings" component={SettingsPage} />
            <Route component={NotFound} />
          </Switch>
        </Layout>
      </SessionGate>
    </ErrorBoundary>
  );
}
