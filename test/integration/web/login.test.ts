import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CampaignWorld } from '../queues/fixture.ts';
import { CREDENTIALS, openWebDoor, type WebDoor } from './fixture.ts';

let world: CampaignWorld;
let door: WebDoor;

beforeEach(async () => {
  world = await CampaignWorld.open(null);
  door = await openWebDoor(world);
});
afterEach(async () => {
  await door.close();
  await world.close();
});

const WRONG = { ...CREDENTIALS, password: 'a wrong password' };

describe('the login', () => {
  it.each([
    '/',
    '/queues',
    '/queues/api/queues',
    '/queues/static/favicon.ico',
    '/contacts/1/attempts',
    '/nothing',
  ])('is asked for at %s', async (path) => {
    const response = await door.request(path, { login: null });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({ status: 401, code: 'login_required' });
  });

  it('lets the operator in', async () => {
    expect((await door.request('/queues')).status).toBe(200);
  });

  it.each([
    ['password', WRONG],
    ['name', { ...CREDENTIALS, username: 'root' }],
    ['empty password', { ...CREDENTIALS, password: '' }],
    ['longer password', { ...CREDENTIALS, password: `${CREDENTIALS.password}x` }],
  ])('refuses a wrong %s', async (_what, login) => {
    expect((await door.request('/queues', { login })).status).toBe(401);
  });

  it.each([
    ['nothing', 'Basic'],
    ['what is not base64', 'Basic !!!'],
    ['another scheme', 'Bearer abc'],
    ['two', 'Basic YQ== YQ=='],
    ['thousands of letters', `Basic ${'A'.repeat(8000)}`],
  ])('refuses a header with %s', async (_what, authorization) => {
    expect((await door.request('/queues', { login: null, headers: { authorization } })).status).toBe(401);
  });

  it('writes no password to the log', async () => {
    await door.request('/queues', { login: WRONG });
    expect(door.logged()).toContain('wrong name or password');
    expect(door.logged()).not.toContain(WRONG.password);
    expect(door.logged()).not.toContain(Buffer.from(WRONG.password).toString('base64').slice(0, 10));
  });

  it('makes an address wait after ten wrong passwords, with the right one too', async () => {
    for (let n = 0; n < 10; n++) {
      expect((await door.request('/queues', { login: WRONG })).status).toBe(401);
    }
    for (const login of [WRONG, CREDENTIALS]) {
      const response = await door.request('/queues', {
        login,
        headers: { 'x-forwarded-for': '203.0.113.9' },
      });
      expect(response.status).toBe(429);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await response.json()).toMatchObject({ code: 'too_many_failures' });
    }
  });

  it('makes nobody wait who only opens pages', async () => {
    for (let n = 0; n < 15; n++) await door.request('/queues', { login: null });
    const answers = await Promise.all(Array.from({ length: 30 }, () => door.request('/queues')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });
});

describe('requests that are not what they should be', () => {
  it('are answered with a problem', async () => {
    const unknown = await door.request('/nothing');
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const malformed = await door.request('/queues/queue/%E0%A4%A');
    expect(malformed.status).toBe(400);
    expect(await malformed.json()).toMatchObject({ status: 400, code: 'request_invalid' });
  });

  it.each([
    ['a page of another site', { origin: 'http://evil.example' }],
    ['a page that hides where it is from', { origin: 'null' }],
    ['a form of another site', { 'sec-fetch-site': 'cross-site' }],
  ])('are refused when %s makes a change', async (_what, headers) => {
    const response = await door.request('/queues/api/queues/pause', { method: 'PUT', headers });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'foreign_origin' });
  });

  it('are not answered with pages that another site can frame, or that load from elsewhere', async () => {
    const policy = (await door.request('/queues')).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('http');
  });

  it('do not bring the process down when they break off', async () => {
    const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
    socket.end('GET /queues HTTP/1.1\r\nHost: x\r\nContent-Length: nonsense\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400/);
    expect((await door.request('/health', { login: null })).status).toBe(200);
  });
});
