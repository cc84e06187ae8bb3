import { erasePerson, personFile } from '../../db/person.ts';
import { removeRecording } from '../../recordings/recording-files.ts';
import type { CommandContext } from '../command-context.ts';
import { confirm } from '../confirm.ts';
import { formatInstant, formatName } from '../format.ts';
import { phoneArgument } from '../phone-argument.ts';
import { withPhone } from '../with-phone.ts';

/** Everything that is stored about a person: all of it with `--json`, else an overview. */
export async function runPersonExport(context: CommandContext, given: string): Promise<undefined> {
  const { messages, terminal } = context;
  const { phone, subject, file } = await withPhone(context, given, async (db, person) => ({
    ...person,
    file: await personFile(db, person),
  }));
  if (context.json) {
    terminal.printJson({ phone, fingerprint: subject, exportedAt: new Date(), ...file });
    return undefined;
  }
  const { person: texts } = messages;
  const { contact, opposition } = file;
  terminal.printHeading(texts.title(phone, contact === null ? '' : formatName(contact)));
  terminal.printFacts([
    [texts.contact, contact === null ? texts.none : formatInstant(contact.createdAt, messages)],
    [texts.consents, String(file.consents.length)],
    [texts.opposition, opposition === null ? texts.none : formatInstant(opposition.createdAt, messages)],
    [texts.campaigns, String(file.campaigns.length)],
    [texts.calls, String(file.calls.length)],
    [texts.recordings, String(file.calls.filter(({ recordingPath }) => recordingPath !== null).length)],
    [texts.ledger, String(file.ledger.length)],
  ]);
  terminal.printNote(texts.useJson);
  return undefined;
}

/** Removes a person's data, after asking. */
export async function runPersonErase(
  context: CommandContext,
  given: string,
  { yes }: { yes: boolean },
): Promise<undefined> {
  const { messages, terminal } = context;
  const { person: texts } = messages;
  const phone = phoneArgument(given, messages);
  if (!yes) await confirm(context, { question: texts.confirm(phone), refused: texts.notConfirmed });
  const erasure = await withPhone(context, phone, (db, person, { config }) => {
    const directory = config.freeswitch.recordingsDir;
    return erasePerson(db, person, async ({ callId, path }) =>
      directory === null ? false : removeRecording(directory, { callId, recordedAt: path }),
    );
  });
  if (context.json) {
    terminal.printJson(erasure);
    return undefined;
  }
  terminal.print(texts.erased(phone, erasure.calls, erasure.recordingsRemoved));
  if (erasure.recordingsElsewhere.length > 0) {
    terminal.printWarning(messages.warningLabel, texts.recordingsElsewhere(erasure.recordingsElsewhere));
  }
  return undefined;
}
