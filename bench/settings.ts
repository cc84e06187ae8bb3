import path from 'node:path';
import { loadConfig, type Config } from '../src/config.ts';

export interface SwitchAddress {
  eslPort: number;
  password: string;
}

/** Far above what a bench asks for: a line's next call may begin before the last one's sockets are closed. */
const MAX_CALLS = 200;

/** What ships with the project, with the values that it ships with; nothing of this machine's own settings. */
export function benchConfig(root: string, address?: SwitchAddress): Config {
  return loadConfig({
    MINIBOT_INSTANCE: 'bench',
    ...(address === undefined
      ? {}
      : {
          FREESWITCH_ESL_HOST: '127.0.0.1',
          FREESWITCH_ESL_PORT: String(address.eslPort),
          FREESWITCH_ESL_PASSWORD: address.password,
        }),
    FREESWITCH_SOUNDS_DIR: path.join(root, 'audio'),
    SWITCH_MAX_CALLS: String(MAX_CALLS),
    SCENARIOS_DIR: path.join(root, 'scenarios'),
    OBJECTIONS_DIR: path.join(root, 'objections'),
    VOSK_MODEL_PATH: path.join(root, 'models/vosk-demo-fr/model'),
    VOSK_SAMPLE_RATE: '8000',
    STREAMING_ASR_HOST: '127.0.0.1',
    STREAMING_ASR_PORT: '0',
    INTENT_ENGINE: 'local',
    DEFAULT_VOICE: 'demo',
  });
}
