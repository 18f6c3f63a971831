import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { keys, startApp, type TestApp } from '../support/app.ts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let server: TestApp;
let browser: Browser;
let url = '';

beforeAll(async () => {
  server = await startApp();
  url = await server.listen();
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

async function open(): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${url}/documentation`);
  await page.waitForSelector('.opblock');
  return { page, complaints };
}

describe('Swagger UI under the strict content security policy', () => {
  it('opens without a complaint of the browser', async () => {
    const { page, complaints } = await open();
    expect(await page.locator('.opblock').count()).toBeGreaterThan(5);
    expect(complaints).toEqual([]);
  });

  it('an authorised call works from the page', async () => {
    const { page, complaints } = await open();
    await page.locator('button.authorize').click();
    await page.locator('.auth-container input').first().fill(keys.admin);
    await page.locator('.auth-btn-wrapper button.authorize').first().click();
    await page.locator('.auth-btn-wrapper .btn-done').first().click();
    const operation = page.locator('.opblock', { hasText: '/v1/status' });
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('.try-out__btn').click();
    await operation.locator('button.execute').click();
    await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    expect(await operation.locator('.live-responses-table').textContent()).toContain('uptime_seconds');
    expect(complaints).toEqual([]);
  });
});
