#!/bin/sh
# Makes what people and the bot say in `npm run eval -- turns`: 8 kHz, mono, µ-law, band of a telephone (300-3400 Hz),
# peak -3 dBFS, silence at both ends cut to 30 ms. Needs espeak-ng and sox.
#   make-clips.sh
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p clips

# usage: say <voice> <speed> <pitch> <out> <text>
say() {
  espeak-ng -v "$1" -s "$2" -p "$3" -w "$work/raw.wav" "$5"
  sox -D "$work/raw.wav" -r 8000 -c 1 -b 16 "$work/line.wav" highpass 300 lowpass 3400 gain -n -3
  sox -D "$work/line.wav" -e mu-law -b 8 "clips/$4.wav" silence 1 0.01 0.8% reverse silence 1 0.01 0.8% reverse pad 0.03 0.03
}

# People: voices that the demo model was not trained on; none speaks in both parts.
tail -n +2 phrases.tsv | while IFS='	' read -r part id text; do
  case $part in
    dev) voices='fr+m7:150:40 fr+aunty:140:55 fr+Mario:165:45' ;;
    scored) voices='fr+f5:150:55 fr+Denis:160:40 fr+steph2:140:50' ;;
  esac
  for voice in $voices; do
    name=${voice%%:*}
    rest=${voice#*:}
    say "$name" "${rest%%:*}" "${rest#*:}" "$part-${name#fr+}-$id" "$text"
  done
done

# The bot, where the project's own prompts have no such question.
say fr 150 45 bot-quel-jour "Quel jour vous conviendrait pour un rendez-vous ?"
say fr 150 45 bot-qu-en-pensez-vous "Qu'est-ce qui vous retient aujourd'hui ?"
