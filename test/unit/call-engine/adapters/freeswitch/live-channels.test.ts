import { expect, it } from 'vitest';
import { readChannelRows } from '../../../../../src/call-engine/adapters/freeswitch/live-channels.ts';

it('reads the rows, whoever they belong to', () => {
  const text = JSON.stringify({
    row_count: 2,
    rows: [
      { uuid: 'u-1', created_epoch: '1795322875', callstate: 'ACTIVE', presence_data: 'minibot.1' },
      { uuid: 'u-2', created_epoch: '', callstate: 'RINGING' },
    ],
  });
  expect(readChannelRows(text)).toEqual([
    {
      mark: 'minibot.1',
      channel: { channelUuid: 'u-1', createdAt: new Date(1795322875000), answered: true },
    },
    { mark: '', channel: { channelUuid: 'u-2', createdAt: null, answered: false } },
  ]);
});

it('no channels means no rows at all', () => {
  expect(readChannelRows('{"row_count": 0}\n')).toEqual([]);
});

it.each(['-ERR no reply\n', '', '[]', 'null', '{"rows":[]}', '{"row_count":1,"rows":5}'])(
  '%j is no listing',
  (text) => {
    expect(readChannelRows(text)).toBeNull();
  },
);
