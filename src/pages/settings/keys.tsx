/** The API's keys: made, rotated, revoked. A key is shown once, when it is made. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeyItem } from '../api/answers';
import { bound, useRevokeKey, useRotateKey } from '../api/changes';
import { ask } from '../api/queries';
import { Chip } from '../parts/chip';
import { ConfirmButton } from '../parts/confirm-button';
import { CopyButton } from '../parts/copy-button';
import { DataTable } from '../parts/data-table';
import { Moment } from '../parts/moment';
import { Empty } from '../parts/notice';
import { Section } from '../parts/section';
import { Shown } from '../parts/shown';
import { NewKey } from './new-key';

interface Made {
  name: string;
  key: string;
}

export function Keys() {
  const keys = useQuery(ask.keys());
  const [made, setMade] = useState<Made>();
  return (
    <Section
      title="Keys"
      says="Browser keys are public and report events only. Server keys report for anybody. Secret keys may also read and act."
    >
      <NewKey onMade={setMade} />
      <div role="status">
        {made && (
          <div className="made">
            <p>
              <b>{made.name}</b>: copy it now, it is not shown again.
            </p>
            <code className="made-key">{made.key}</code>
            <CopyButton text={made.key} name="the key" />
          </div>
        )}
      </div>
      <Shown query={keys} what="the keys">
        {({ keys: list }) =>
          list.length === 0 ? (
            <Empty title="No key was made here">Those that the environment gives work, and are not listed.</Empty>
          ) : (
            <DataTable
              caption="Keys"
              rows={list}
              keyOf={({ id }) => id}
              columns={[
                { title: 'Name', main: true, wide: true, cell: ({ name }) => name },
                { title: 'Kind', cell: ({ kind }) => <Chip tone={kind === 'secret' ? 'warn' : 'quiet'}>{kind}</Chip> },
                { title: 'Made', cell: ({ createdAt }) => <Moment at={createdAt} /> },
                {
                  title: 'State',
                  cell: ({ revokedAt }) =>
                    revokedAt ? (
                      <span>
                        <Chip tone="bad">revoked</Chip> <Moment at={revokedAt} />
                      </span>
                    ) : (
                      <Chip tone="good">works</Chip>
                    ),
                },
                { title: 'Actions', cell: (key) => (key.revokedAt ? '' : <Actions of={key} onMade={setMade} />) },
              ]}
            />
          )
        }
      </Shown>
    </Section>
  );
}

function Actions({ of, onMade }: { of: KeyItem; onMade: (made: Made) => void }) {
  const rotate = useRotateKey();
  const revoke = useRevokeKey();
  const rotation = {
    ...bound(rotate, of.id),
    mutateAsync: async () => onMade({ name: of.name, key: (await rotate.mutateAsync(of.id)).key }),
  };
  return (
    <div className="settle">
      <ConfirmButton
        label="Rotate"
        name={`Rotate ${of.name}`}
        title={`Rotate ${of.name}?`}
        confirm="Make a new key"
        small
        change={rotation}
      >
        <p>A new key of the same kind and name is made and shown once. The old one works until you revoke it.</p>
      </ConfirmButton>
      <ConfirmButton
        label="Revoke"
        name={`Revoke ${of.name}`}
        title={`Revoke ${of.name}?`}
        confirm="Revoke the key"
        danger
        small
        change={bound(revoke, of.id)}
      >
        <p>Requests with this key are refused from now on. This can&apos;t be undone.</p>
      </ConfirmButton>
    </div>
  );
}
