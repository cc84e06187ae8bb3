import { SaxesParser } from 'saxes';
import { damaged } from './archive.ts';

/** What is told of an XML document, in its order. Names come without their prefix. */
export interface XmlListener {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
}

/** Excel's longest cell has 32,767 characters. */
const MAX_BYTES_WITHOUT_TAG = 2 ** 20;

/**
 * Reads XML piece by piece and yields after each, so that what the listener has gathered can be taken. Knows no entities but
 * XML's own. Throws a `ContactFileError` on what is no XML, and on text that never ends.
 */
export async function* readXml(bytes: AsyncIterable<Buffer>, listener: XmlListener): AsyncGenerator<void> {
  const parser = new SaxesParser();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let seenBytes = 0;
  let tagAtBytes = 0;
  const seenTag = (): void => {
    tagAtBytes = seenBytes;
  };
  parser.on('error', (error) => {
    throw damaged(firstLine(error.message), error);
  });
  parser.on('opentag', (tag) => {
    seenTag();
    listener.open(localName(tag.name), tag.attributes);
  });
  parser.on('closetag', (tag) => {
    seenTag();
    listener.close(localName(tag.name));
  });
  parser.on('text', (text) => listener.text(text));
  parser.on('cdata', (text) => listener.text(text));
  for await (const chunk of bytes) {
    seenBytes += chunk.length;
    parser.write(decode(decoder, chunk));
    if (seenBytes - tagAtBytes > MAX_BYTES_WITHOUT_TAG) throw damaged('a cell is absurdly long');
    yield;
  }
  parser.write(decode(decoder)).close();
  yield;
}

/** The same in one go. */
export async function readAllXml(bytes: AsyncIterable<Buffer>, listener: XmlListener): Promise<void> {
  const pieces = readXml(bytes, listener);
  while ((await pieces.next()).done !== true);
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk?: Buffer): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (error) {
    throw damaged('its text is not UTF-8', error);
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.slice(0, 100) ?? '';
}
