import pg from 'pg';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Stores a finished campaign of `count` calls over ten working days, half of them answered, each answered one with six lines of
 * transcript. Numbers of country code 999, which is assigned to nobody; nothing is dialled. Gives the campaign's id.
 */
export async function storeCalls(databaseUrl: string, count: number): Promise<number> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: number }>(
      `insert into campaigns (name, scenario, status, max_concurrent_calls, call_delay_ms, retry)
       values ('Bench', 'test', 'completed', 30, 0, '{"enabled": false, "maxAttempts": 1}') returning id`,
    );
    const id = rows[0]?.id ?? 0;
    for (const statement of STATEMENTS) await client.query(statement, [id, count]);
    await client.query('analyze');
    return id;
  } finally {
    await client.end();
  }
}

/** Each is given the campaign's id and the number of calls. */
const STATEMENTS = [
  `insert into contacts (phone, first_name, last_name, company, email)
   select '+999' || lpad(n::text, 9, '0'), 'Camille', 'Lefèvre-Moreau', 'Société Exemple', 'personne' || n || '@example.test'
   from generate_series(1, $2::integer) n where $1::integer > 0 on conflict do nothing`,
  `insert into campaign_contacts (campaign_id, contact_id) select $1, id from contacts order by id limit $2`,
  `insert into calls (call_uuid, campaign_id, campaign_contact_id, contact_id, phone, attempt, worker_id, status, result, counted,
     amd_result, current_step, started_at, answered_at, ended_at, duration_ms, transcription)
   select gen_random_uuid(), $1, place.id, place.contact_id, person.phone, 1, 'bench', 'completed',
     (array['no_answer', 'success', 'busy', 'not_interested', 'no_answer', 'hangup', 'answering_machine', 'callback'])
       [1 + (case when answered then place.id % 4 * 2 + 1 else place.id % 4 * 2 end)], true,
     case when answered then 'HUMAN' end, 'bye', begun, case when answered then begun + interval '9 s' end,
     begun + interval '60 s', case when answered then 51000 end,
     case when answered then 'oui bonjour' || chr(10) || 'non je ne suis pas intéressé' || chr(10) || 'au revoir' end
   from campaign_contacts place join contacts person on person.id = place.contact_id,
     lateral (select place.id % 2 = 0 as answered,
       timestamptz '2026-11-16 09:00Z' + (place.id % 10) * interval '1 day' + (place.id * 37 % 32400) * interval '1 s' as begun) how
   where place.campaign_id = $1 and $2::integer > 0`,
  `insert into call_lines (call_id, speaker, number, step, text, started_ms, ended_ms, heard_ms, completed, confidence, words)
   select call_uuid, case when n % 2 = 0 then 'bot' else 'contact' end, 1 + n / 2, 'hello',
     'une phrase comme il en est dit dans un appel', n * 5000, n * 5000 + 4000, 4000, true, 0.9,
     case when n % 2 = 1 then '[{"word": "phrase", "start_ms": 0, "end_ms": 400, "confidence": 0.9}]'::jsonb end
   from calls, generate_series(0, 5) n
   where campaign_id = $1 and answered_at is not null and $2::integer > 0`,
];
