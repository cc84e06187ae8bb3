import { describe, expect, it } from 'vitest';
import { adviseOnInfo } from '../../../src/queues/redis-advice.ts';

const WELL =
  '# Server\r\nredis_version:7.0.15\r\n# Memory\r\nmaxmemory_policy:noeviction\r\n# Persistence\r\naof_enabled:1\r\n';

const adviceOn = (info: string) => adviseOnInfo(info).map(({ advice, found }) => `${found} → ${advice}`);

describe('advice on how Redis is set up', () => {
  it('says nothing of one that is set up well, or that tells nothing', () => {
    expect(adviceOn(WELL)).toEqual([]);
    expect(adviceOn('# Server\r\n')).toEqual([]);
    expect(adviceOn(WELL.replace('7.0.15', '6.2.0'))).toEqual([]);
    expect(adviceOn(WELL.replace('7.0.15', '10.0.0'))).toEqual([]);
  });

  it.each([
    ['maxmemory_policy:noeviction', 'maxmemory_policy:allkeys-lru', /noeviction$/],
    ['aof_enabled:1', 'aof_enabled:0', /appendonly to yes$/],
    ['redis_version:7.0.15', 'redis_version:6.0.16', /6\.2 or newer$/],
    ['redis_version:7.0.15', 'redis_version:5.0.14', /6\.2 or newer$/],
  ])('says what to do instead of %s about %s', (well, poor, advice) => {
    const lines = adviceOn(WELL.replace(well, poor));
    expect(lines).toEqual([expect.stringMatching(advice)]);
    expect(lines[0]).toContain(`${poor} → `);
  });
});
