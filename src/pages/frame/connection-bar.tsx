/** Says that the API does not answer, while what was known stays on the page. */
import { useSyncExternalStore } from 'react';
import { connection } from '../api/connection';
import { Icon } from '../parts/icon';
import { Moment } from '../parts/moment';

export function ConnectionBar() {
  const up = useSyncExternalStore(connection.subscribe, connection.isUp);
  return (
    <div role="status" className="connection">
      {!up && (
        <p className="connection-bar">
          <Icon name="warning" />
          <span>
            Sojourn does not answer. What you see is from <Moment at={connection.lastAnswerAt()} />; this page tries
            again by itself.
          </span>
        </p>
      )}
    </div>
  );
}
