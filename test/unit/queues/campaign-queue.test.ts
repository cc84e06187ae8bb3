import { expect, it } from 'vitest';
import {
  campaignQueueName,
  contactJob,
  JOB_PRIORITY,
  InvalidJobError,
  parseContactJob,
} from '../../../src/queues/campaign-queue.ts';

const data = { campaignContactId: 7, campaignId: 3, contactId: 9 };

it('names queue and job so that BullMQ takes them and a second job for the same contact does nothing', () => {
  expect(campaignQueueName(3)).toBe('campaign-3');
  expect(contactJob(data, JOB_PRIORITY.first)).toMatchObject({
    data,
    opts: { jobId: 'contact-7', priority: 1 },
  });
});

it('carries ids and nothing else', () => {
  expect(parseContactJob(data)).toEqual(data);
  expect(() => parseContactJob({ ...data, phone: '+33199000000' })).toThrow(InvalidJobError);
});

it.each([null, {}, { ...data, contactId: '9' }, { ...data, campaignId: 0 }, { ...data, campaignId: 1.5 }])(
  'refuses %j',
  (payload) => expect(() => parseContactJob(payload)).toThrow(InvalidJobError),
);
