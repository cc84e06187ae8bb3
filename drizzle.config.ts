import { defineConfig } from 'drizzle-kit';

/** Only for `npm run db:generate`: migrations are derived from the schema and applied by `src/db/migrate.ts`. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/db/schema.ts',
  out: './src/db/migrations',
});
