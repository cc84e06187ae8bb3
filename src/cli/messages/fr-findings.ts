import type { FindingTexts } from './en-operations.ts';

/** Ce que trouve `doctor`. */
export const frFindings: FindingTexts = {
  timed_out: {
    found: 'aucun résultat en {seconds} s',
    mend: 'ce qui ne répond pas est surchargé, ou un pare-feu avale la question ; --timeout laisse plus de temps',
  },
  fault: { found: '{message}' },
  broke_down: {
    found: 'la vérification elle-même a échoué : {message}',
    mend: "c'est une erreur de MiniBotPanel : merci de la signaler",
  },
  unknown_configuration: { found: 'non vérifié : la configuration est inutilisable' },

  node_version: { found: '{version}' },
  node_old: {
    found: 'Node {version} ; il faut {wanted}',
    mend: 'installez Node 20 ou plus récent (nodejs.org, ou votre distribution)',
  },
  memory: { found: '{free} Mo de mémoire libres sur {total}' },
  memory_low: {
    found: 'seulement {free} Mo de mémoire libres sur {total}',
    mend: 'les grands modèles de reconnaissance prennent 1 à 4 Go : arrêtez un programme, ou choisissez un modèle plus petit',
  },

  configuration_read: { found: 'lisible, {set} variables renseignées' },
  configuration_fault: { found: '{fault}', mend: 'corrigez-la dans .env (voir .env.example)' },
  configuration_warning: { found: '{warning}' },
  caller_id_none: {
    found: "aucun numéro d'appelant : seuls des numéros de fiction sont appelés",
    mend: 'renseignez CALLER_ID, et avec lui ALLOWED_CALLER_IDS (docs/compliance.md)',
  },
  caller_id_not_declared: {
    found: 'CALLER_ID {number} ne figure pas dans ALLOWED_CALLER_IDS : personne ne serait appelé',
    mend: 'ajoutez-le si ce numéro est le vôtre',
  },
  caller_id_range: {
    found:
      "CALLER_ID {number} n'est d'aucune tranche permise aux systèmes automatisés : personne ne serait appelé",
    mend: 'demandez-en un à votre opérateur (0162, 0163, 0270 …), ou CALLER_ID_CHECK=declared en connaissance de cause',
  },

  clock: { found: '{time} à Paris' },
  clock_wrong: {
    found: "l'horloge de cette machine dit {time}, ce qui est impossible",
    mend: "mettez-la à l'heure et gardez-la juste par NTP : les heures d'appel en dépendent",
  },
  zones_known: { found: 'fuseaux horaires justes' },
  zone_wrong: {
    found: 'fuseaux horaires faux pour {zones} : on appellerait hors des heures légales',
    mend: 'installez un Node avec les données ICU complètes',
  },

  disk_free: { found: '{free} Go libres pour {what}' },
  disk_low: {
    found: 'seulement {free} Go libres pour {what} ({directory})',
    mend: 'faites de la place ; minibot purge retire ce qui a été gardé assez longtemps',
  },
  disk_full: {
    found: '{free} Go libres pour {what} ({directory})',
    mend: 'faites de la place : sans elle des appels se perdent ; minibot purge retire ce qui a été gardé assez longtemps',
  },
  not_writable: {
    found: "{what} : impossible d'écrire dans {directory}",
    mend: "donnez-le à l'utilisateur qui exécute MiniBotPanel (chown), ou choisissez un autre dossier",
  },

  postgres_version: { found: '{version} ({where}), {latencyMs} ms' },
  postgres_embedded: { found: '{version}, embarqué, {latencyMs} ms' },
  postgres_embedded_new: { found: '{version} embarqué, créé à la première utilisation' },
  postgres_old: {
    found: 'PostgreSQL {version} est trop ancien',
    mend: 'prenez la version 14 ou plus récente',
  },
  postgres_read_only: {
    found: 'la base est en lecture seule',
    mend: 'DATABASE_URL doit désigner le serveur primaire, pas une réplique',
  },
  schema_current: { found: 'schéma à jour' },
  schema_none: {
    found: 'la base est vide',
    mend: 'minibot migrate ; la première commande ou le premier worker le fait aussi',
  },
  schema_behind: {
    found: '{pending} migrations en attente',
    mend: 'minibot migrate ; la prochaine commande ou le prochain worker le fait aussi',
  },
  schema_ahead: {
    found: 'la base a été faite par un MiniBotPanel plus récent',
    mend: 'amenez cette machine à la même version',
  },
  connections: { found: 'connexions : {used} sur {most}' },
  connections_few: {
    found:
      "un worker et l'interface web prennent jusqu'à {needed} connexions, et sur {most} il en reste {free}",
    mend: 'augmentez max_connections, ou réduisez DB_POOL_MAX (docs/scaling.md)',
  },
  clocks_differ: {
    found: "l'horloge de la base et celle de cette machine diffèrent de {seconds} s",
    mend: "gardez les deux à l'heure par NTP",
  },
  opposition_key_matches: { found: "clé d'opposition juste" },
  opposition_key_new: { found: "clé d'opposition pas encore utilisée" },

  redis_unused: { found: 'pas utilisé : les files sont dans PostgreSQL' },
  redis_version: { found: '{product} {version} sur {where}, {latencyMs} ms' },
  redis_memory: { found: '{used} Mo utilisés' },
  redis_evicts: {
    found: 'Redis peut jeter des appels en file quand sa mémoire est pleine ({detail})',
    mend: 'réglez maxmemory-policy sur noeviction',
  },
  redis_forgets: {
    found: "Redis n'écrit pas de journal (AOF) : s'il s'arrête, les files sont refaites depuis la base",
    mend: 'réglez appendonly sur yes',
  },
  redis_old: { found: 'ce Redis est ancien ({detail})', mend: 'prenez la version 6.2 ou plus récente' },
  redis_replica: {
    found: "ce Redis est une réplique et n'accepte pas d'écriture",
    mend: 'REDIS_URL doit désigner le maître, ou ses sentinelles (redis-sentinel://)',
  },
  redis_nearly_full: {
    found: 'Redis utilise {used} Mo sur {most}',
    mend: 'augmentez maxmemory : plein, il ne prend plus rien en file',
  },
  redis_unreachable: {
    found: 'Redis est injoignable sur {where} : {detail}',
    mend: 'démarrez-le, corrigez REDIS_URL, ou laissez REDIS_URL vide pour garder les files dans PostgreSQL',
  },
  redis_refused: {
    found: "Redis sur {where} refuse l'utilisateur ou le mot de passe",
    mend: 'corrigez-les dans REDIS_URL',
  },

  switch_version: { found: '{version} sur {where}, {latencyMs} ms' },
  switch_no_password: {
    found: "FREESWITCH_ESL_PASSWORD n'est pas renseigné",
    mend: 'mettez dans .env le mot de passe de event_socket.conf.xml ; sans commutateur, essayez minibot load-test ou npm run demo',
  },
  switch_default_password: {
    found: 'le commutateur accepte son mot de passe par défaut, connu de tous : qui le joint peut appeler',
    mend: 'changez-le dans event_socket.conf.xml, et dans .env',
  },
  switch_unreachable: {
    found: 'FreeSWITCH ne répond pas sur {where} : {detail}',
    mend: 'démarrez-le (systemctl start freeswitch), ou corrigez FREESWITCH_ESL_HOST et FREESWITCH_ESL_PORT',
  },
  switch_no_event_socket: {
    found: "ce qui répond sur {where} n'est pas l'event socket de FreeSWITCH : {detail}",
    mend: 'corrigez FREESWITCH_ESL_HOST et FREESWITCH_ESL_PORT',
  },
  switch_password_refused: {
    found: 'FreeSWITCH sur {where} refuse le mot de passe',
    mend: 'mettez dans FREESWITCH_ESL_PASSWORD celui de son event_socket.conf.xml',
  },
  switch_address_refused: {
    found: "FreeSWITCH sur {where} n'accepte aucune connexion de cette machine",
    mend: 'autorisez-la dans apply-inbound-acl de son event_socket.conf.xml',
  },
  switch_paused: {
    found: "le commutateur est en pause et ne prend pas d'appel",
    mend: 'fs_cli -x "fsctl resume"',
  },
  switch_sessions: { found: '{now} sessions sur {most}, {perSecond}/s' },
  switch_sessions_few: {
    found: 'SWITCH_MAX_CALLS vaut {wanted}, mais le commutateur ne prend que {most} sessions',
    mend: 'réduisez SWITCH_MAX_CALLS, ou augmentez max-sessions dans switch.conf.xml',
  },
  gateway_up: { found: 'passerelle {gateway} {state}' },
  gateway_unknown: {
    found: 'le commutateur ne connaît pas la passerelle {gateway}',
    mend: 'corrigez FREESWITCH_GATEWAY, ou ajoutez-la à un profil SIP (fs_cli -x "sofia status")',
  },
  gateway_down: {
    found: 'la passerelle {gateway} est tombée ({state})',
    mend: 'voyez son enregistrement et son adresse (fs_cli -x "sofia status gateway {gateway}")',
  },
  audio_module_loaded: { found: '{module} répond' },
  audio_module_missing: {
    found: "le commutateur n'a pas {module} : les appels ne peuvent pas être entendus",
    mend: 'installez-le et chargez-le (fs_cli -x "load {module}"), ou choisissez l\'autre (FREESWITCH_AUDIO_MODULE)',
  },
  audio_module_mute: {
    found: '{module} est chargé, mais sa commande ne répond pas : {detail}',
    mend: 'installez la version faite pour ce FreeSWITCH, et rechargez-la',
  },
  null_endpoint_missing: {
    found:
      "le commutateur n'a pas mod_loopback : l'arrivée de l'audio ne peut être essayée sans appeler quelqu'un",
    mend: 'fs_cli -x "load mod_loopback"',
  },
  switch_folder_missing: {
    found: 'le commutateur ne trouve pas {directory} ({variable})',
    mend: 'créez-le sur le commutateur, lisible pour son utilisateur ; minibot setup-audio y met les enregistrements',
  },
  audio_arrives: { found: "l'audio d'un appel vers personne est arrivé" },
  audio_missing: {
    found: "un appel vers personne a été passé, mais aucun audio n'est arrivé : {detail}",
    mend: 'le commutateur doit joindre {address} : voyez le pare-feu et STREAMING_ASR_PUBLIC_URL',
  },
  audio_untried: { found: "un appel vers personne n'a pas pu être passé : {detail}" },

  streaming_free: { found: 'port {port} libre, annoncé comme {address}' },
  streaming_any: { found: 'un port libre par worker sur {host}' },
  streaming_worker: { found: 'le port {port} est tenu par un worker' },
  streaming_taken: {
    found: 'le port {port} sur {host} est tenu par un autre programme',
    mend: 'arrêtez-le (lsof -i :{port}), ou donnez un autre port à STREAMING_ASR_PORT',
  },
  streaming_unusable: {
    found: "impossible d'écouter sur {host}:{port} : {detail}",
    mend: 'STREAMING_ASR_HOST doit être une adresse de cette machine, STREAMING_ASR_PORT un port au-dessus de 1023',
  },
  streaming_wildcard: {
    found: 'il écoute sur toutes les adresses ({host}), et rien ne dit sous laquelle le commutateur le joint',
    mend: 'mettez ws://hôte:port dans STREAMING_ASR_PUBLIC_URL',
  },
  streaming_unreachable: {
    found:
      "le commutateur est sur une autre machine ({switchHost}) et chercherait l'audio sur {host}, c'est-à-dire chez lui",
    mend: "mettez dans STREAMING_ASR_PUBLIC_URL l'adresse ws://hôte:port sous laquelle il joint cette machine, et 0.0.0.0 dans STREAMING_ASR_HOST",
  },
  streaming_name_unknown: {
    found: "cette machine ne connaît pas l'hôte de STREAMING_ASR_PUBLIC_URL ({host})",
    mend: 'corrigez-le, à moins que seul le commutateur le connaisse',
  },

  vosk_model: { found: '{model}, {rateHz} Hz, chargé en {loadMs} ms, {memoryMb} Mo' },
  vosk_decodes: { found: 'décode une seconde en {decodeMs} ms' },
  vosk_demo: {
    found: 'le modèle de démonstration ne comprend pas les gens, seulement des voix de synthèse',
    mend: 'mettez dans VOSK_MODEL_PATH un modèle Vosk français (alphacephei.com/vosk/models)',
  },
  vosk_doubled: { found: "l'audio à {streamHz} Hz (VOSK_SAMPLE_RATE) est porté à {modelHz} Hz" },
  vosk_slow: {
    found: "une seconde d'audio a pris {decodeMs} ms : les réponses tarderont",
    mend: 'prenez un modèle plus petit (…-lgraph), ou une machine plus rapide',
  },
  vosk_threads: {
    found: 'VOSK_DECODE_THREADS vaut {threads}, et la réserve de fils {pool} : le reste attend la parole',
    mend: "mettez UV_THREADPOOL_SIZE à {wanted} dans l'environnement du worker (pas dans .env)",
  },
  vosk_model_missing: {
    found: '{detail}',
    mend: 'mettez dans VOSK_MODEL_PATH un modèle Vosk français décompressé, le dossier qui contient am/, conf/ et graph/ (alphacephei.com/vosk/models)',
  },
  vosk_crashed: {
    found: "le moteur de reconnaissance s'est effondré sur le modèle {path} ({detail})",
    mend: 'le modèle est abîmé, ou fait pour une autre version : décompressez-le à nouveau',
  },

  ollama_unused: { found: 'inutile (INTENT_ENGINE=local)' },
  ollama_ready: { found: '{version}, {model} répond en {answerMs} ms (chargé en {loadMs} ms)' },
  ollama_late: {
    found:
      '{model} répond en {answerMs} ms ; la cible est {targetMs} ms : le classifieur local décide à sa place',
    mend: 'prenez un modèle plus petit ou une carte graphique, ou INTENT_ENGINE=local',
  },
  ollama_away: {
    found: 'Ollama ne répond pas sur {where} : les intentions sont reconnues par cette machine seule',
    mend: 'démarrez-le (ollama serve), corrigez OLLAMA_BASE_URL, ou INTENT_ENGINE=local',
  },
  ollama_no_model: {
    found: "Ollama n'a pas le modèle {model} : les intentions sont reconnues par cette machine seule",
    mend: 'ollama pull {model}',
  },
  ollama_failed: {
    found:
      'Ollama ne fait pas son travail ({detail}) : les intentions sont reconnues par cette machine seule',
    mend: 'voyez son journal (journalctl -u ollama)',
  },

  scenarios_usable: { found: '{count} utilisables : {names}' },
  scenarios_none: {
    found: "il n'y a aucun scénario dans {directory}",
    mend: 'mettez-en un, ou corrigez SCENARIOS_DIR',
  },
  scenario_broken: {
    found: '{scenario} est inutilisable : {detail}',
    mend: "minibot scenario validate {scenario} nomme l'étape et le champ",
  },

  recordings_complete: { found: '{count} pour {scenarios} scénarios dans {directory}' },
  recordings_unseen: {
    found: "{directory} (FREESWITCH_SOUNDS_DIR) n'est pas sur cette machine : enregistrements non vérifiés",
    mend: 'lancez minibot doctor aussi sur la machine du commutateur',
  },
  recordings_missing: {
    found: '{scenario} : il manque {missing} enregistrements, dont {example}',
    mend: 'minibot setup-audio {voice} ; pour répéter : minibot draft-voice {voice} --scenario {scenario}',
  },
  answers_missing: {
    found: "{scenario} : {missing} objections n'ont pas de réponse enregistrée, dont {example}",
    mend: 'enregistrez-les ; minibot setup-audio {voice}',
  },
  recordings_draft: {
    found: '{scenario} : {drafts} enregistrements sont des brouillons dits par une machine',
    mend: "enregistrez-les avant d'appeler des gens ; minibot setup-audio {voice}",
  },
  ffmpeg_missing: {
    found: 'ffmpeg est introuvable : setup-audio ne peut pas travailler',
    mend: "apt-get install ffmpeg, ou npm ci à nouveau avec les scripts d'installation permis",
  },
};
